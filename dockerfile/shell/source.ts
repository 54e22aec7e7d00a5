import type { EffectiveShell } from "./inEffect.ts";
import { isPosixShell } from "./inEffect.ts";
import type { ShellScript } from "./shell.ts";
import type { Heredoc, Instruction, LogicalText } from "../syntax/syntax.ts";

/** The text passed to a shell, and the position of each of its characters in the file. */
export interface ShellSource {
  readonly text: string;
  readonly offsetAt: (index: number) => number;
  readonly form: ShellScript["form"];
  /** Offset after the last character that isn't a blank, without the heredoc bodies of a "line". */
  readonly end: number;
  /**
   * Heredocs that commands of the line read, by their start in the file; in `text` each is replaced by `<` and
   * underscores.
   */
  readonly inputs: ReadonlyMap<number, Heredoc>;
}

/**
 * The shell text of an instruction, as passed on by BuildKit; undefined unless a POSIX shell gets one.
 * @see dispatchRun in BuildKit's dockerfile2llb
 */
export function shellSource(instruction: Instruction, shell: EffectiveShell, file: string): ShellSource | undefined {
  if (!shellInstructions.has(instruction.keyword.value) || instruction.form === "json") return undefined;
  const script = loneHeredoc(instruction);
  if (script) return scriptSource(script, shell, file);
  return shell.isPosix ? lineSource(instruction) : undefined;
}

/**
 * The whole text passed to the shell, with heredocs after the line that reads them; undefined unless a POSIX shell gets
 * one.
 */
export function shellText(instruction: Instruction, shell: EffectiveShell, file: string): string | undefined {
  const source = shellSource(instruction, shell, file);
  if (source?.form !== "line") return source?.text;
  const bodies = instruction.heredocs.map(({ body, name }) => `\n${file.slice(body.start, body.end)}${name}`);
  return instruction.rest.text + bodies.join("");
}

/** The command of a RUN in JSON form as shell text, with every argument in quotes; undefined for other instructions. */
export function execSource({ keyword, form, arguments: words, span }: Instruction): ShellSource | undefined {
  if (keyword.value !== "RUN" || form !== "json" || words.length === 0) return undefined;
  const parts: string[] = [];
  const offsets: number[] = [];
  const add = (text: string, offset: number): void => {
    parts.push(text);
    for (let index = 0; index < text.length; index++) offsets.push(offset);
  };
  for (const { logical, span: inside } of words) {
    const quote = logical.text.includes("'") ? '"' : "'";
    add(parts.length === 0 ? quote : ` ${quote}`, inside.start);
    for (let index = 0; index < logical.text.length; index++) {
      const character = logical.text[index] ?? "";
      add(quote === '"' && /["\\$`]/.test(character) ? `\\${character}` : character, logical.offsetAt(index));
    }
    add(quote, Math.max(inside.start, inside.end - 1));
  }
  return {
    text: parts.join(""),
    offsetAt: (index) => offsets[index] ?? span.end,
    form: "exec",
    end: span.end,
    inputs: new Map(),
  };
}

const shellInstructions = new Set(["RUN", "CMD", "ENTRYPOINT"]);

/** The heredoc of a bare `RUN <<EOF`, whose lines are the script. */
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

/** The program of a shebang: `#!/usr/bin/env -S bash -e` → `bash`. */
function shebangProgram(text: string): string | undefined {
  const words = /^#!\s*(\S.*)/.exec(text)?.[1]?.split(/\s+/);
  if (!words) return undefined;
  const [program, ...rest] = words;
  if (!program?.endsWith("/env")) return program;
  return rest.find((word) => !word.startsWith("-") && !word.includes("="));
}

/**
 * The logical line. For the grammar, reading a heredoc looks like reading a file, because it misreads several heredocs.
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

/** The first character at or after an offset. */
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

/** Replaces carriage returns, which the grammar takes for part of a word, by blanks. That keeps every position. */
function withoutCarriageReturns(text: string): string {
  return text.replaceAll("\r\n", " \n");
}
