import type { EffectiveShell } from "./shellInEffect.ts";
import { isPosixShell } from "./shellInEffect.ts";
import type { Heredoc, Instruction } from "./syntax.ts";

/** The text a shell gets, and where each of its characters stands in the file. */
export interface ShellSource {
  readonly text: string;
  readonly offsetAt: (index: number) => number;
  readonly form: "line" | "heredoc";
  /** Offset behind the last character that is no blank, heredoc bodies of a "line" left out. */
  readonly end: number;
}

/** The shell text of an instruction, as BuildKit hands it on; undefined where a POSIX shell gets none. @see dispatchRun in BuildKit's dockerfile2llb */
export function shellSource(instruction: Instruction, shell: EffectiveShell, file: string): ShellSource | undefined {
  if (!shellInstructions.has(instruction.keyword.value) || instruction.form === "json") return undefined;
  const script = loneHeredoc(instruction);
  if (script) return scriptSource(script, shell, file);
  return shell.isPosix ? lineSource(instruction, file) : undefined;
}

const shellInstructions = new Set(["RUN", "CMD", "ENTRYPOINT"]);

/** `RUN <<EOF` and nothing else: the lines are the script. */
function loneHeredoc({ rest, heredocs }: Instruction): Heredoc | undefined {
  const [heredoc] = heredocs;
  if (!heredoc || heredocs.length > 1) return undefined;
  const start = rest.text.search(/\S/);
  const end = rest.text.trimEnd().length;
  const isAll = start >= 0 && rest.offsetAt(start) === heredoc.span.start && rest.offsetAt(end - 1) + 1 === heredoc.span.end;
  return isAll ? heredoc : undefined;
}

function scriptSource({ body }: Heredoc, shell: EffectiveShell, file: string): ShellSource | undefined {
  const text = file.slice(body.start, body.end);
  const interpreter = shebangProgram(text);
  if (interpreter === undefined ? !shell.isPosix : !isPosixShell(interpreter)) return undefined;
  return {
    text: withoutCarriageReturns(text),
    offsetAt: (index) => body.start + Math.min(index, text.length),
    form: "heredoc",
    end: body.start + text.trimEnd().length,
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

/** The logical line, then the heredocs that it reads, as the shell sees them. */
function lineSource({ rest, heredocs }: Instruction, file: string): ShellSource {
  const pieces: { readonly at: number; readonly offset: number }[] = [];
  let text = rest.text;
  for (const { body, end } of heredocs) {
    text += "\n";
    pieces.push({ at: text.length, offset: body.start });
    text += file.slice(body.start, end?.end ?? body.end);
  }
  const length = rest.text.length;
  const offsetAt = (index: number): number => {
    if (index <= length) return rest.offsetAt(index);
    const piece = pieces.findLast(({ at }) => at <= index);
    return piece ? piece.offset + index - piece.at : rest.offsetAt(length);
  };
  const end = rest.text.trimEnd().length;
  return { text: withoutCarriageReturns(text), offsetAt, form: "line", end: end > 0 ? rest.offsetAt(end - 1) + 1 : rest.offsetAt(0) };
}

/** The grammar takes a carriage return for part of a word. Blanks keep every character in its place. */
function withoutCarriageReturns(text: string): string {
  return text.replaceAll("\r\n", " \n");
}
