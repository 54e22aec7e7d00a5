import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import { isHuge } from "../instructionAt.ts";

/** The part of an instruction up to the cursor. */
export interface Statement {
  /** From the keyword to the cursor, without continuations. */
  readonly before: string;
  /** The instruction of the file that it belongs to; absent on an empty line. */
  readonly instruction?: Instruction;
}

/** The place of a cursor: in a comment, in the body of a heredoc, or in an instruction. */
export type Place =
  | { readonly kind: "comment"; readonly before: string }
  | { readonly kind: "heredoc"; readonly instruction: Instruction; readonly before: string }
  | ({ readonly kind: "statement" } & Statement);

/** Finds the part of the file that contains the cursor; undefined in an instruction that is too long to search. */
export function placeAt(file: Dockerfile, offset: number): Place | undefined {
  const { text } = file;
  const last = lastStarted(file, offset);
  if (last && isHuge(last.span) && offset <= last.span.end) return undefined;
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).replace(/^\uFEFF/, "");
  const heredoc = last?.heredocs.find(({ body, end }) => body.start <= offset && offset <= (end ?? body).end);
  if (last && heredoc)
    return { kind: "heredoc", instruction: last, before: continuedLine(text.slice(heredoc.body.start, offset)) };
  if (/^\s*#/.test(line)) return { kind: "comment", before: line.trimStart() };
  const written = last && withoutContinuations(text.slice(last.keyword.span.start, offset), file.escape);
  return last && written !== undefined && !written.includes("\n")
    ? { kind: "statement", before: written, instruction: last }
    : { kind: "statement", before: line.trimStart() };
}

/** The word around an offset: the text between blanks on the offset's line, up to a closing quote. */
export function wordAt({ text }: Dockerfile, offset: number, stop = /[\s]/): Span {
  let start = offset;
  while (start > 0 && !stop.test(text[start - 1] ?? "\n")) start--;
  let end = offset;
  while (end < text.length && !stop.test(text[end] ?? "\n")) end++;
  return { start, end };
}

/** The last line of a script, with those before it that a backslash continues. */
function continuedLine(script: string): string {
  const lines = script.slice(-maxContinued).split(/\r?\n/);
  const first = lines.findLastIndex((line, index) => index < lines.length - 1 && !line.endsWith("\\")) + 1;
  return lines
    .slice(first)
    .map((line, index, all) => (index < all.length - 1 ? line.slice(0, -1) : line))
    .join("");
}

/** In characters. A longer command is seen from its middle on. */
const maxContinued = 4096;

function lastStarted({ instructions }: Dockerfile, offset: number): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.keyword.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return instructions[low - 1];
}

function withoutContinuations(text: string, escape: string): string {
  const found = escape === "`" ? backquoteContinuation : backslashContinuation;
  return text.replace(found, "");
}

/** An escape at the end of a line, with the empty lines and comment lines that follow. */
const backslashContinuation = /\\[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*/g;
const backquoteContinuation = /`[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*/g;
