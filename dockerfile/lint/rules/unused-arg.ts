import { variableReferences } from "../../syntax/expand.ts";
import { predefinedArgs } from "../../syntax/predefinedArgs.ts";
import type { Dockerfile, Instruction, KeyValue } from "../../syntax/syntax.ts";
import { withoutLines } from "../edits.ts";
import { scopesIn } from "../fileScopes.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unused-arg",
  summary: "Nothing uses an `ARG`",
  why: `An argument that nothing uses is one that callers set in vain, and often a slip in the other name.

A \`RUN\` gets all arguments of its stage in its environment, where any program may read them. So in a stage only an \`ARG\` that no \`RUN\` follows is reported, and before the first \`FROM\` one that neither a \`FROM\` nor a stage names.`,
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#scope"],
  tags: ["unnecessary"],
  examples: [
    {
      bad: `ARG VERSION=12
ARG VERSOIN=13
    ^^^^^^^^^^ Nothing uses VERSOIN: remove it
FROM debian:\${VERSION}
ARG CACHE_KEY=1
RUN make
ARG NAME=app
    ^^^^^^^^ Nothing uses NAME: remove it
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
  *check({ file }) {
    for (const instruction of [...file.globals, ...file.stages.flatMap(({ instructions }) => instructions)]) {
      if (instruction.keyword.value !== "ARG") continue;
      for (const pair of instruction.pairs) {
        const name = pair.key.value;
        if (!isForBuilder(name) && !isUsed(file, instruction, pair)) yield { span: { start: pair.key.span.start, end: (pair.value ?? pair.key).span.end }, data: { name, instruction } };
      }
    }
  },
  message: ({ name }) => `Nothing uses ${name}: remove it`,
  fixSafety: "unsafe",
  fix: ({ data: { name, instruction } }, { file }) => (instruction.pairs.length === 1 ? { title: `Remove ${name}`, changes: [withoutLines(file, instruction.span)] } : undefined),
});

/** BuildKit reads some arguments itself, programs those for proxies. */
function isForBuilder(name: string): boolean {
  const kind = predefinedArgs.get(name)?.kind;
  return kind === "build" || kind === "proxy" || name.startsWith("BUILDKIT_");
}

function isUsed(file: Dockerfile, instruction: Instruction, { key: { value: name } }: KeyValue): boolean {
  if (instruction.stageIndex < 0) return isUsedGlobally(file, name, instruction.index);
  return seeing(file, instruction).some((later) => isRun(later) || names(file, later, name)) || names(file, instruction, name);
}

/** A stage's ARG without a default takes the value of the global one. */
function isUsedGlobally(file: Dockerfile, name: string, index: number): boolean {
  const readers = [...file.globals.filter((other) => other.index >= index), ...file.stages.map(({ from }) => from)];
  if (readers.some((reader) => names(file, reader, name))) return true;
  const instructions = file.stages.flatMap((stage) => stage.instructions).map((instruction) => instruction.trigger ?? instruction);
  return instructions.some(({ keyword, pairs }) => keyword.value === "ARG" && pairs.some(({ key }) => key.value === name));
}

/** What runs behind an instruction in its stage, and all of the stages that are built on it. */
function seeing(file: Dockerfile, { stageIndex, index }: Instruction): readonly Instruction[] {
  const heirs = new Set([stageIndex]);
  for (const stage of file.stages) if (heirs.has(scopesIn(file).baseStage(stage)?.index ?? -1)) heirs.add(stage.index);
  return file.stages.filter((stage) => heirs.has(stage.index)).flatMap(({ instructions }) => instructions.filter((other) => other.index > index));
}

function isRun({ keyword, trigger }: Instruction): boolean {
  return (trigger ?? { keyword }).keyword.value === "RUN";
}

/** Whether a variable of that name stands in an instruction, or in a heredoc that is expanded. */
function names(file: Dockerfile, instruction: Instruction, name: string): boolean {
  const texts = [instruction.rest, ...instruction.flags.flatMap(({ value }) => value?.logical ?? [])];
  if (texts.some((text) => text.text.includes(name) && variableReferences(text, file.escape, "plain").some((reference) => reference.name === name))) return true;
  return instruction.heredocs.some(({ isExpanded, body }) => isExpanded && file.text.slice(body.start, body.end).includes(name));
}
