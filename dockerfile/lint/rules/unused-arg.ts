import { variableReferences } from "../../syntax/expand/expand.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import type { Build } from "../../semantics/build.ts";
import { stageRangesOf, type StageRange } from "../../semantics/stages.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unused-arg",
  group: "correctness",
  summary: "An `ARG` is never used",
  why: `Setting an argument that nothing uses has no effect; often its other mention is misspelled.

A \`RUN\` gets all arguments of its stage in its environment, where any program may read them. In a stage, therefore, an \`ARG\` is reported only if no \`RUN\` follows; before the first \`FROM\`, only if neither a \`FROM\` nor a stage names it.`,
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#scope"],
  tags: ["unnecessary"],
  examples: [
    {
      bad: `ARG VERSION=12
ARG VERSOIN=13
    ^^^^^^^^^^ Nothing uses VERSOIN; remove it
FROM debian:\${VERSION}
ARG CACHE_KEY=1
RUN make
ARG NAME=app
    ^^^^^^^^ Nothing in this stage uses NAME; remove it
COPY app /app
`,
      good: `ARG VERSION=12
FROM debian:\${VERSION}
ARG CACHE_KEY=1
RUN make
COPY app /app
`,
    },
  ],
  *check({ build }) {
    const uses = usesIn(build);
    for (const instruction of build.file.instructions) {
      if (instruction.keyword.value !== "ARG") continue;
      for (const pair of instruction.pairs) {
        const name = pair.key.value;
        const isUsed =
          (instruction.stageIndex < 0 ? uses.globals : uses.stages[instruction.stageIndex])?.(
            name,
            instruction.index,
          ) !== false;
        if (!isUsed && !isForBuilder(name))
          yield {
            span: { start: pair.key.span.start, end: (pair.value ?? pair.key).span.end },
            data: { name, instruction },
          };
      }
    }
  },
  message: ({ name, instruction }) =>
    `Nothing ${instruction.stageIndex < 0 ? "" : "in this stage "}uses ${name}; remove it`,
  fixSafety: "unsafe",
  fix: ({ data: { name, instruction } }, { build: { file } }) =>
    instruction.pairs.length === 1
      ? { title: `Remove ${name}`, changes: [withoutLines(file, instruction.span)] }
      : undefined,
});

/** True for arguments that BuildKit reads itself, or programs read for proxies. */
function isForBuilder(name: string): boolean {
  const kind = predefinedArgs.get(name)?.kind;
  return kind === "build" || kind === "proxy" || name.startsWith("BUILDKIT_");
}

/** True if a name that an instruction sets is used there or later. */
type IsUsed = (name: string, index: number) => boolean;

interface Uses {
  readonly globals: IsUsed;
  /** Keyed by the stage's index. */
  readonly stages: readonly IsUsed[];
}

/** The names used in a stage. */
interface StageUses {
  /** The index of the last instruction that uses a name. */
  readonly last: Map<string, number>;
  lastRun: number;
}

function usesIn(build: Build): Uses {
  const { file } = build;
  const uses = file.stages.map(({ instructions }) => stageUsesOf(file, instructions));
  const ranges = stageRangesOf(file, build.scopes);
  const isInherited = inheritedUses(uses, ranges);
  const stages = uses.map((own, at): IsUsed => {
    const { start, end } = ranges[at] ?? { start: 0, end: 0 };
    return (name, index) => isIn(own, name, index) || isInherited(name, { start: start + 1, end });
  });
  const globals = stageUsesOf(file, [...file.globals, ...file.stages.map(({ from }) => from)]);
  for (const name of declaredInStages(file)) globals.last.set(name, Infinity);
  return { globals: (name, index) => isIn(globals, name, index), stages };
}

function isIn({ last, lastRun }: StageUses, name: string, index: number): boolean {
  return lastRun > index || (last.get(name) ?? -1) >= index;
}

/** Tells whether one of some stages uses a name. A RUN may use any. */
function inheritedUses(
  uses: readonly StageUses[],
  ranges: readonly StageRange[],
): (name: string, stages: StageRange) => boolean {
  const starts = new Map<string, number[]>();
  const runs: number[] = [];
  const inOrder = uses.map((use, at) => ({ use, start: ranges[at]?.start ?? 0 })).sort((a, b) => a.start - b.start);
  for (const { use, start } of inOrder) {
    if (use.lastRun >= 0) runs.push(start);
    for (const name of use.last.keys()) {
      const known = starts.get(name);
      if (known) known.push(start);
      else starts.set(name, [start]);
    }
  }
  return (name, stages) => hasWithin(runs, stages) || hasWithin(starts.get(name) ?? [], stages);
}

/** True if a number of an ascending list is in a range. */
function hasWithin(sorted: readonly number[], { start, end }: StageRange): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? Infinity) < end;
}

function stageUsesOf(file: Dockerfile, instructions: readonly Instruction[]): StageUses {
  const uses: StageUses = { last: new Map(), lastRun: -1 };
  for (const instruction of instructions) {
    if (isRun(instruction)) uses.lastRun = instruction.index;
    for (const name of namesIn(file, instruction)) uses.last.set(name, instruction.index);
  }
  return uses;
}

/** The names that stages declare: a stage's ARG without a default takes the value of the global one. */
function declaredInStages({ stages }: Dockerfile): readonly string[] {
  const instructions = stages
    .flatMap((stage) => stage.instructions)
    .map((instruction) => instruction.trigger ?? instruction);
  return instructions.flatMap(({ keyword, pairs }) =>
    keyword.value === "ARG" ? pairs.map(({ key }) => key.value) : [],
  );
}

function isRun({ keyword, trigger }: Instruction): boolean {
  return (trigger ?? { keyword }).keyword.value === "RUN";
}

/** The variables that an instruction names, including those in expanded heredocs. */
function namesIn(file: Dockerfile, instruction: Instruction): readonly string[] {
  if (!file.text.slice(instruction.span.start, instruction.span.end).includes("$")) return [];
  const texts = [instruction.rest, ...instruction.flags.flatMap(({ value }) => value?.logical ?? [])];
  const names = texts.flatMap((text) => variableReferences(text, file.escape, "plain").map(({ name }) => name));
  const bodies = instruction.heredocs
    .filter(({ isExpanded }) => isExpanded)
    .map(({ body }) => file.text.slice(body.start, body.end));
  return [...names, ...bodies.flatMap((body) => [...body.matchAll(/\$\{?(\w+)/g)].map(([, name = ""]) => name))];
}
