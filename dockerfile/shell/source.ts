import type { EffectiveShell } from "./inEffect.ts";
import { isPosixShell } from "./inEffect.ts";
import type { Heredoc, Instruction, LogicalText } from "../syntax/syntax.ts";

/** The text a shell gets, and where each of its characters stands in the file. */
export interface ShellSource {
  readonly text: string;
  readonly offsetAt: (index: number) => number;
  readonly form: "line" | "heredoc";
  /** Offset behind the last character that is no blank, heredoc bodies of a "line" left out. */
  readonly end: number;
  /**
   * Heredocs that commands of the line read, by where they begin in the file; in `text` each is `<` and underscores.
   */
  readonly inputs: ReadonlyMap<number, Heredoc>;
}

/**
 * The shell text of an instruction, as BuildKit hands it on; undefined where a POSIX shell gets none.
 * @see dispatchRun in BuildKit's dockerfile2llb
 */
export function shellSource(instruction: Instruction, shell: EffectiveShell, file: string): ShellSource | undefined {
  if (!shellInstructions.has(instruction.keyword.value) || instruction.form === "json") return undefined;
  const script = loneHeredoc(instruction);
  if (script) return scriptSource(script, shell, file);
  return shell.isPosix ? lineSource(instruction) : undefined;
}

/**
 * The whole text that the shell gets, heredocs behind the line that reads them; undefined where a POSIX shell gets
 * none.
 */
export function shellText(instruction: Instruction, shell: EffectiveShell, file: string): string | undefined {
  const source = shellSource(instruction, shell, file);
  if (source?.form !== "line") return source?.text;
  const bodies = instruction.heredocs.map(({ body, name }) => `\n${file.slice(body.start, body.end)}${name}`);
  return instruction.rest.text + bodies.join("");
}

const shellInstructions = new Set(["RUN", "CMD", "ENTRYPOINT"]);

/** `RUN <<EOF` and nothing else: the lines are the script. */
function loneHeredoc({ rest, heredocs }: Instruction): Heredoc | undefined {
  const [heredoc] = heredocs;
  if (!heredoc || heredocs.length > 1) return undefined;
  const start = rest.text.search(/\S/);
  const end = rest.text.trimEnd().length;
  const isAll =
    start >= 0 && rest.offsetAt(start) === heredoc.span.start && rest.offsetAt(end - 1) + 1 === heredoc.span.end;
  return isAll ? heredoc : undefined;
}

function scriptSource(heredoc: Heredoc, shell: EffectiveShell, file: string): ShellSource | undefined {
  const interpreter = shebangProgram(file.slice(heredoc.body.start, heredoc.body.end));
  return (interpreter === undefined ? shell.isPosix : isPosixShell(interpreter))
    ? heredocSource(heredoc, file)
    : undefined;
}

/** The lines of a heredoc as a script. */
export function heredocSource({ body }: Heredoc, file: string): ShellSource {
  const text = file.slice(body.start, body.end);
  return {
    text: withoutCarriageReturns(text),
    offsetAt: (index) => body.start + Math.min(index, text.length),
    form: "heredoc",
    end: body.start + text.trimEnd().length,
    inputs: new Map(),
  };
}

/** `#!/usr/bin/env -S bash -e` → `bash`. */
function shebangProgram(text: string): string | undefined {
  const words = /^#!\s*(\S.*)/.exec(text)?.[1]?.split(/\s+/);
  if (!words) return undefined;
  const [program, ...rest] = words;
  if (!program?.endsWith("/env")) return program;
  return rest.find((word) => !word.startsWith("-") && !word.includes("="));
}

/**
 * The logical line. What reads a heredoc reads a file as far as the grammar knows, which gets several heredocs wrong.
 */
function lineSource({ rest, heredocs }: Instruction): ShellSource {
  const parts: string[] = [];
  let position = 0;
  for (const { span } of heredocs) {
    const start = indexOf(rest, span.start);
    const after = indexOf(rest, span.end);
    const operator = rest.text.slice(start, after).replace(/<[^]*$/, "<");
    parts.push(rest.text.slice(position, start), operator.padEnd(after - start, "_"));
    position = after;
  }
  const text = parts.join("") + rest.text.slice(position);
  const end = rest.text.trimEnd().length;
  return {
    text: withoutCarriageReturns(text),
    offsetAt: (index) => rest.offsetAt(index),
    form: "line",
    end: end > 0 ? rest.offsetAt(end - 1) + 1 : rest.offsetAt(0),
    inputs: new Map(heredocs.map((heredoc) => [heredoc.span.start, heredoc])),
  };
}

/** The first character at an offset or behind it. */
function indexOf(rest: LogicalText, offset: number): number {
  let low = 0;
  let high = rest.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rest.offsetAt(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The grammar takes a carriage return for part of a word. Blanks keep every character in its place. */
function withoutCarriageReturns(text: string): string {
  return text.replaceAll("\r\n", " \n");
}
