import type { Change } from "../edit/change.ts";
import { instructionKnowledge } from "../syntax/instructions.ts";
import type { Dockerfile, Token } from "../syntax/syntax.ts";
import { indentOf, type IndentStyle } from "./indentation.ts";

/**
 * Indents a line that was just begun, by an offset in it: as the continued line above it, by one step under the first
 * line of an instruction, not at all where an instruction begins. Undefined if it stays, as lines of heredocs and
 * comments do.
 */
export function indentNewLine(file: Dockerfile, offset: number, style: IndentStyle): Change | undefined {
  const { text, tokens } = file;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const at = tokenIndexAt(tokens, start);
  const [last, newline, first] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  if (newline?.kind !== "newline" || (first && heredocKinds.has(first.kind))) return undefined;
  const blanks = /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
  const wanted =
    last?.kind === "continuation" ? continuedIndent(file, newline, style) : plainIndent(file, start, blanks);
  return wanted === undefined || wanted === blanks
    ? undefined
    : { span: { start, end: start + blanks.length }, text: wanted };
}

const heredocKinds: ReadonlySet<Token["kind"]> = new Set<Token["kind"]>(["heredocBody", "heredocEnd"]);

/** Of a line under one that is continued. */
function continuedIndent({ text, instructions }: Dockerfile, newline: Token, style: IndentStyle): string {
  const start = text.lastIndexOf("\n", newline.span.start - 1) + 1;
  const isFirst = instructions.some(({ span }) => span.start >= start && span.start < newline.span.start);
  return isFirst ? indentOf(style.tabSize, style) : (/^[ \t]*/.exec(text.slice(start))?.[0] ?? "");
}

/** Of any other line: an instruction has none, and the editor's own is removed from an empty line. */
function plainIndent({ text, instructions }: Dockerfile, start: number, blanks: string): string | undefined {
  const rest = text.slice(start + blanks.length);
  if (/^\r?(?:\n|$)/.test(rest)) return "";
  const instruction = instructions.find(({ span }) => span.start === start + blanks.length);
  return instruction && instructionKnowledge(instruction.keyword.value) ? "" : undefined;
}

/** The index of the token that begins at an offset or contains it; their number at the end of the file. */
function tokenIndexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.span.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
