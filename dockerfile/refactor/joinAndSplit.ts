import type { Change } from "../edit/change.ts";
import { newlineOf } from "../edit/edits.ts";
import type { Build } from "../semantics/build.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { continuedIndent } from "./layout.ts";
import type { Refactor, Selected } from "./refactoring.ts";
import { lineText, stepsOf } from "./steps.ts";

/** Joins the RUNs of a selection, or the one at the cursor with the next, by `&&`. */
export const joinRuns: Refactor = (selected) => {
  const runs = runsToJoin(selected);
  const changes = runs.slice(1).flatMap((run, index) => joint(selected.build, runs[index] ?? run, run) ?? []);
  if (changes.length === 0 || changes.length < runs.length - 1) return [];
  const title = runs.length === 2 ? "Join two RUN instructions" : `Join ${runs.length} RUN instructions`;
  return [{ title, kind: "rewrite", changes }];
};

/** Splits a RUN into one for each command of its `&&`. */
export const splitRun: Refactor = ({ build, instruction }) => {
  const { file } = build;
  const text = lineText(build, instruction);
  const steps = text && stepsOf(build, text);
  if (!steps || steps.length < 2 || steps.slice(0, -1).some(({ changesShell }) => changesShell)) return [];
  if (losesMounted(instruction)) return [];
  const head = file.text.slice(instruction.keyword.span.start, instruction.restSpan.start);
  const changes = steps.slice(1).map((step, index): Change => ({
    span: { start: (steps[index] ?? step).span.end, end: step.span.start },
    text: [...step.comments, head].map((line) => newlineOf(file) + line).join(""),
  }));
  return [{ title: `Split into ${steps.length} RUN instructions`, kind: "rewrite", changes }];
};

/** True if files that a command writes to a mount are gone in the next RUN: a tmpfs, or a (writable) bind mount. */
function losesMounted(instruction: Instruction): boolean {
  return mountsOf(instruction).some(({ type }) => type === "tmpfs" || type === "bind");
}

function runsToJoin({ build: { file }, instruction, range }: Selected): readonly Instruction[] {
  const last = file.instructions.findLast(({ keyword }) => keyword.span.start <= range.end) ?? instruction;
  const end = range.end > instruction.span.end ? last.index : instruction.index + 1;
  const runs = file.instructions.slice(instruction.index, end + 1);
  return runs.every(({ keyword, stageIndex }) => keyword.value === "RUN" && stageIndex === instruction.stageIndex)
    ? runs
    : [];
}

/**
 * The change between two RUNs that makes them one; undefined if the second would run in another shell or another way.
 */
function joint(build: Build, first: Instruction, second: Instruction): Change | undefined {
  const { file } = build;
  const [above, below] = [lineText(build, first), lineText(build, second)];
  const steps = above && stepsOf(build, above);
  const added = below && stepsOf(build, below);
  if (!steps || !added || flagsOf(file, first) !== flagsOf(file, second)) return undefined;
  if (steps.some(({ changesShell }) => changesShell) || added[0]?.hasAlternative) return undefined;
  const newline = newlineOf(file);
  const comments = file.comments.filter(({ span }) => span.start >= first.span.end && span.end <= second.span.start);
  const lines = [...comments.map(({ text }) => `# ${text}`.trimEnd()), `${continuedIndent(file, first)}&& `];
  return {
    span: { start: above.script.end, end: below.start },
    text: ` ${file.escape}${lines.map((line) => newline + line).join("")}`,
  };
}

function flagsOf({ text }: Dockerfile, { flags }: Instruction): string {
  return flags
    .map(({ span }) => text.slice(span.start, span.end))
    .sort()
    .join(" ");
}
