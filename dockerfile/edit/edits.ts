import type { ShellScript } from "../shell/shell.ts";
import type { Dockerfile, Flag, Instruction, Span } from "../syntax/syntax.ts";
import type { Change } from "./change.ts";

/**
 * Appends a command to a script, which runs only if the existing commands succeed. Undefined if appending can't express
 * that.
 */
export function appendCommand(
  file: Dockerfile,
  instruction: Instruction,
  script: ShellScript,
  command: string,
): readonly Change[] | undefined {
  if (script.hasErrors || script.form === "exec" || endsShell(script)) return undefined;
  return script.form === "heredoc"
    ? appendToHeredoc(file, script, command)
    : appendToLine(file, instruction, script, command);
}

/** True if nothing after the last command would run: `…; exit 0`, `exec app`. */
function endsShell({ commands }: ShellScript): boolean {
  const last = commands.findLast(({ nesting }) => nesting.length === 0);
  const isLeaving = last?.name === "exit" || (last?.name === "exec" && last.arguments.length > 0);
  return isLeaving && last.joinedBy !== "||";
}

/** Deletes whole lines; for an instruction, including the newline after it. */
export function withoutLines({ text }: Dockerfile, { start, end }: Span): Change {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  return { span: { start: lineStart, end: newline < 0 ? text.length : newline + 1 }, text: "" };
}

/** The line ending that the file uses. */
export function newlineOf({ text }: Dockerfile): "\n" | "\r\n" {
  return /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
}

/** The blanks at the start of the line that contains `offset`. */
export function indentationAt({ text }: Dockerfile, offset: number): string {
  return indentationOf(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));
}

/**
 * Appends a line to a heredoc. Without `set -e` only the last command's failure counts, which another line would hide.
 */
function appendToHeredoc(file: Dockerfile, script: ShellScript, command: string): readonly Change[] | undefined {
  const at = { start: script.end, end: script.end };
  if (stopsOnError(file, script))
    return [{ span: at, text: `${newlineOf(file)}${indentationAt(file, script.end)}${command}` }];
  const last = script.commands.findLast(({ nesting }) => nesting.length === 0);
  const end = last && Math.max(last.span.end, ...last.redirections.map(({ span }) => span.end));
  return end === script.end && !last?.redirections.some(({ operator }) => operator.startsWith("<<"))
    ? [{ span: at, text: ` && ${command}` }]
    : undefined;
}

function stopsOnError({ text }: Dockerfile, { commands }: ShellScript): boolean {
  const [first] = commands;
  if (!first) return false;
  const lineAbove = text.slice(0, first.span.start).trimEnd().split("\n").at(-1) ?? "";
  const isSet =
    first.name === "set" &&
    first.arguments.some(
      ({ value }, index) =>
        /^-[a-z]*e/.test(value) || (value === "errexit" && first.arguments[index - 1]?.value.endsWith("o")),
    );
  return isSet || /^\s*#!.*\s-[a-z]*e/.test(lineAbove);
}

function appendToLine(
  file: Dockerfile,
  instruction: Instruction,
  script: ShellScript,
  command: string,
): readonly Change[] | undefined {
  const lastEnd = Math.max(
    instruction.restSpan.start,
    ...script.commands.flatMap(({ span, redirections }) => [
      span.end,
      ...redirections.filter(({ operator }) => !operator.startsWith("<<")).map((it) => it.span.end),
    ]),
  );
  const tail = file.text.slice(lastEnd, script.end);
  // After the last command only the end of a compound may follow: a comment, a `&` or a pipe would change what is
  // appended.
  if (!/^(?:[\s\\`;})"']|\b(?:fi|done|esac)\b)*$/.test(tail)) return undefined;
  const semicolons = /[;\s]*$/.exec(tail)?.[0] ?? "";
  const start = script.end - (semicolons.includes(";") ? semicolons.length : 0);
  return [
    {
      span: { start, end: script.end },
      text: joined(file, { start: instruction.headSpan.start, end: script.end }, script, command),
    },
  ];
}

/** ` && command`; on its own line, in the same layout, if the instruction has several lines. */
function joined(file: Dockerfile, head: Span, script: ShellScript, command: string): string {
  const lines = file.text.slice(head.start, head.end).split(/\r?\n/);
  if (lines.length === 1) return ` && ${command}`;
  const continued = lines.slice(1).filter((line) => /\S/.test(line) && !/^\s*#/.test(line));
  const leading = continued.findLast((line) => /^\s*&&/.test(line));
  const separator =
    leading === undefined ? lines.flatMap((line) => /(&&|;)\s*[\\`]\s*$/.exec(line)?.[1] ?? []).at(-1) : undefined;
  const lineBreak = `${file.escape}${newlineOf(file)}${indentationOf(leading ?? (separator ? continued.at(-1) : continued[0]))}`;
  if (separator === ";" && stopsOnError(file, script)) return `; ${lineBreak}${command}`;
  return separator === "&&" ? ` && ${lineBreak}${command}` : ` ${lineBreak}&& ${command}`;
}

function indentationOf(line = ""): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Removes a flag and the blanks after it. */
export function withoutFlag({ text }: Dockerfile, { span }: Flag): Change {
  const blanks = /^[ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
  return { span: { start: span.start, end: span.end + blanks }, text: "" };
}

/** Inserts a line after the last instruction and its heredocs. */
export function insertAtEnd(file: Dockerfile, line: string): Change {
  const end = file.instructions.at(-1)?.span.end ?? file.text.length;
  return { span: { start: end, end }, text: `${newlineOf(file)}${line}` };
}
