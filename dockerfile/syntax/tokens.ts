import type { Piece, Range } from "./logicalText.ts";
import type { Span, Token, TokenKind } from "./syntax.ts";

/** The kind of a range of an instruction's logical text; ranges ascend and don't overlap. */
export interface Mark extends Range {
  readonly kind: TokenKind;
}

/** A run of logical text, or the text between such runs. */
export type Segment = { readonly kind: "text"; readonly piece: Piece; readonly length: number } | Token;

/** Adds a token unless it is empty. */
export function pushToken(tokens: Token[], kind: TokenKind, start: number, end: number): void {
  if (end > start) tokens.push({ kind, span: { start, end } });
}

/** Adds the tokens of an instruction's head: its segments in the file's order, with the texts cut at the marks. */
export function pushHead(tokens: Token[], text: string, segments: readonly Segment[], marks: readonly Mark[]): void {
  let next = 0;
  for (const segment of segments) {
    if (segment.kind === "text") next = pushText({ tokens, text, marks }, segment.piece, segment.length, next);
    else tokens.push(segment);
  }
}

interface Output {
  readonly tokens: Token[];
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** Returns the index of the first mark that may reach into the next run. */
function pushText(output: Output, piece: Piece, length: number, firstMark: number): number {
  const end = piece.at + length;
  let at = piece.at;
  let next = firstMark;
  const push = (kind: TokenKind, to: number): void => {
    pushToken(output.tokens, kind, piece.source + at - piece.at, piece.source + to - piece.at);
    at = to;
  };
  for (let mark = output.marks[next]; mark && mark.start < end; mark = output.marks[next]) {
    if (mark.start > at) pushGap(output, piece, { start: at, end: mark.start });
    at = Math.max(at, mark.start);
    push(mark.kind, Math.max(at, Math.min(mark.end, end)));
    if (mark.end > end) return next;
    next++;
  }
  if (at < end) pushGap(output, piece, { start: at, end });
  return next;
}

function pushGap(output: Output, piece: Piece, gap: Range): void {
  const span: Span = { start: piece.source + gap.start - piece.at, end: piece.source + gap.end - piece.at };
  const isWhite = output.text.slice(span.start, span.end).trim() === "";
  pushToken(output.tokens, isWhite ? "whitespace" : "unknown", span.start, span.end);
}
