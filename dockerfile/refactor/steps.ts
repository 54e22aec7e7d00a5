import type { Build } from "../semantics/build.ts";
import type { ShellCommand, ShellNesting, ShellScript } from "../shell/shell.ts";
import type { Instruction, Span } from "../syntax/syntax.ts";

/** A command of a RUN, or a pipeline or `a || b`, that the next one follows if it succeeded. */
export interface Step {
  /** From its first word to its last one, redirections included. */
  readonly span: Span;
  /** The comments above it, each from its `#`. */
  readonly comments: readonly string[];
  /** It changes the shell that it runs in, as `cd` does, and later steps may count on that. */
  readonly changesShell: boolean;
  /** It is `a || b`. */
  readonly hasAlternative: boolean;
  /** One of its words goes on in the next line, where blanks and line ends belong to it. */
  readonly hasBrokenWord: boolean;
}

/** The text whose steps are asked for, and what is between them. */
export interface StepText {
  readonly script: ShellScript;
  /** The offset of the text in the file. */
  readonly start: number;
  readonly separator: "&&" | "newline";
}

/** The steps of a script; undefined if it has anything beside simple commands, pipelines and separators. */
export function stepsOf({ file }: Build, { script, start, separator }: StepText): readonly Step[] | undefined {
  if (script.hasErrors || file.escape !== "\\") return undefined;
  const groups = groupsOf(script.commands, separator);
  const steps: Step[] = [];
  let end = start;
  for (const group of groups ?? []) {
    const step = stepOf(file.text, group);
    const gap = gapOf(file.text.slice(end, step.span.start));
    if (gap.rest !== (separator === "&&" && steps.length > 0 ? "&&" : "")) return undefined;
    // `a && b || c` is `(a && b) || c`.
    if (step.hasAlternative && steps.length > 0) return undefined;
    steps.push({ ...step, comments: gap.comments });
    end = step.span.end;
  }
  const isWhole = gapOf(file.text.slice(end, script.end)).rest === "";
  return steps.length > 0 && isWhole ? steps : undefined;
}

/** The text of a RUN in shell form without heredocs. */
export function lineText({ file, shell }: Build, instruction: Instruction): StepText | undefined {
  const { keyword, heredocs, form, restSpan } = instruction;
  if (keyword.value !== "RUN" || heredocs.length > 0 || form === "json") return undefined;
  const script = shell.script(instruction, file);
  return script?.form === "line" ? { script, start: restSpan.start, separator: "&&" } : undefined;
}

/** The top commands with those within their words; undefined of compounds and other separators. */
function groupsOf(
  commands: readonly ShellCommand[],
  separator: StepText["separator"],
): readonly (readonly ShellCommand[])[] | undefined {
  const groups: ShellCommand[][] = [];
  for (const command of commands) {
    const [outer] = command.nesting;
    const group = groups.at(-1);
    const isWithin = outer === undefined ? pipes.has(command.joinedBy) : withinWords.has(outer);
    if (group && isWithin) group.push(command);
    else if (outer === undefined && (!group || command.joinedBy === separator)) groups.push([command]);
    else return undefined;
  }
  return groups;
}

const pipes: ReadonlySet<string> = new Set(["|", "|&", "||"]);
const withinWords: ReadonlySet<ShellNesting> = new Set<ShellNesting>(["substitution", "script", "wrapper"]);

function stepOf(text: string, group: readonly ShellCommand[]): Omit<Step, "comments"> {
  const top = group.filter(({ nesting }) => nesting.length === 0);
  const ends = group.flatMap(({ span, redirections }) => [span.end, ...redirections.map((it) => it.span.end)]);
  const words = group.flatMap((command) => [...command.arguments, ...command.assignments, ...command.redirections]);
  return {
    span: { start: group[0]?.span.start ?? 0, end: Math.max(...ends) },
    changesShell: top.some(({ name }) => name === undefined || shellCommands.has(name)),
    hasAlternative: top.some(({ joinedBy }) => joinedBy === "||"),
    hasBrokenWord: words.some(({ span }) => text.slice(span.start, span.end).includes("\n")),
  };
}

/** Comment lines, and what is left without them, continuations and blanks. */
function gapOf(text: string): { readonly comments: readonly string[]; readonly rest: string } {
  const lines = text.split(/\r?\n/);
  const isComment = (line: string, index: number) => index > 0 && /^\s*#/.test(line);
  return {
    comments: lines.filter(isComment).map((line) => line.trim()),
    rest: lines
      .filter((line, index) => !isComment(line, index))
      .map((line) => line.replace(/\\\s*$/, "").trim())
      .join(""),
  };
}

/** Commands that change the shell they run in. @see POSIX XCU 2.14 */
const shellCommands: ReadonlySet<string> = new Set(
  [
    ". alias break cd continue declare eval exec exit export hash local popd pushd read readonly return set shift shopt",
    "source trap typeset ulimit umask unalias unset wait",
  ].flatMap((names) => names.split(" ")),
);
