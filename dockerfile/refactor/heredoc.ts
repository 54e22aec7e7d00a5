import { newlineOf } from "../edit/edits.ts";
import type { Build } from "../semantics/build.ts";
import type { ShellScript } from "../shell/shell.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { continuedIndent } from "./layout.ts";
import type { Refactor } from "./refactoring.ts";
import { lineText, stepsOf, type Step } from "./steps.ts";

/** Writes the commands that `&&` joins as lines of a heredoc, which ends at the first that fails. */
export const toHeredoc: Refactor = ({ build, instruction }) => {
  const { file } = build;
  // The shell would see the carriage returns of a heredoc's lines.
  const text = newlineOf(file) === "\n" ? lineText(build, instruction) : undefined;
  const steps = text && stepsOf(build, text);
  if (!steps || steps.length < 2 || steps.some((step) => step.hasBrokenWord || hasComment(file, step))) return [];
  const lines = steps.flatMap((step) => [...step.comments, shellText(file, step)]);
  const end = ["EOF", "EOT", "END_OF_RUN"].find((name) => !lines.some((line) => line.split("\n").includes(name)));
  if (end === undefined) return [];
  const script = [`<<${end}`, "set -e", ...lines, end].join(newlineOf(file));
  const span = { start: text.start, end: instruction.headSpan.end };
  return [{ title: "Convert to a heredoc", kind: "rewrite", changes: [{ span, text: script }] }];
};

/** Joins the lines of a heredoc that ends at the first command that fails by `&&`. */
export const fromHeredoc: Refactor = ({ build, instruction }) => {
  const { file } = build;
  const steps = heredocSteps(build, instruction);
  if (!steps || steps.some((step) => step.hasBrokenWord || hasComment(file, step))) return [];
  const indent = continuedIndent(file, instruction);
  const [first, ...rest] = steps.map(({ span }) => file.text.slice(span.start, span.end));
  const comments = steps.map((step) => step.comments);
  const lines = rest.flatMap((text, index) => [...(comments[index + 1] ?? []), `${indent}&& ${text}`]);
  if (first === undefined || (comments[0]?.length ?? 0) > 0) return [];
  // A comment between continued lines takes no escape character; the line before it does.
  const script = [first, ...lines].map((line, index, all) =>
    isLast(index, all) || /^#/.test(line) ? line : `${line} \\`,
  );
  const span = { start: instruction.restSpan.start, end: instruction.span.end };
  return [
    {
      title: "Convert to commands joined by &&",
      kind: "rewrite",
      changes: [{ span, text: script.join(newlineOf(file)) }],
    },
  ];
};

function isLast(index: number, all: readonly string[]): boolean {
  return index === all.length - 1;
}

/** The commands after `set -e` in a RUN that is one heredoc; undefined if they would run in another way by `&&`. */
function heredocSteps(build: Build, instruction: Instruction): readonly Step[] | undefined {
  const [heredoc] = instruction.heredocs;
  const script = isOneHeredoc(instruction) ? build.shell.script(instruction, build.file) : undefined;
  if (!heredoc || script?.form !== "heredoc" || !stopsAtFailure(script) || hasHeredoc(script)) return undefined;
  const [, ...later] = stepsOf(build, { script, start: heredoc.body.start, separator: "newline" }) ?? [];
  return later.length > 0 && !later.some(({ hasAlternative }) => hasAlternative) ? later : undefined;
}

function isOneHeredoc({ keyword, heredocs, rest }: Instruction): boolean {
  return keyword.value === "RUN" && heredocs.length === 1 && /^<<-?\s*\S+$/.test(rest.text.trim());
}

/** True if the first command is `set -e`: without it only the last command counts. */
function stopsAtFailure({ commands }: ShellScript): boolean {
  const [first] = commands;
  return first?.name === "set" && first.arguments.length === 1 && first.arguments[0]?.value === "-e";
}

function hasHeredoc({ commands }: ShellScript): boolean {
  return commands.some(({ redirections }) => redirections.some(({ operator }) => operator.startsWith("<<")));
}

function hasComment({ text }: Dockerfile, { span }: Step): boolean {
  return /\n[ \t]*(?:#|\r?\n)/.test(text.slice(span.start, span.end));
}

/** A command whose lines the shell continues itself: blanks after the escape character would end it there. */
function shellText({ text }: Dockerfile, { span }: Step): string {
  return text.slice(span.start, span.end).replace(/\\[ \t]+(?=\r?\n)/g, "\\");
}
