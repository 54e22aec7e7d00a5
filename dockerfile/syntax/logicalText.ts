import type { LogicalText, Span, Word } from "./syntax.ts";

/** Half-open range of indexes into a logical text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** From `at` on, characters of a derived text are also adjacent in the source, starting at `source`. */
export interface Piece {
  readonly at: number;
  readonly source: number;
}

/** A text whose characters are located in the file by `pieces`, which ascend and start at 0. */
export function logicalText(text: string, pieces: readonly Piece[]): LogicalText {
  return { text, offsetAt: (index) => offsetIn(pieces, text.length, index) };
}

/** A text derived from `source`, with pieces that point into it. */
export function derivedText(source: LogicalText, text: string, pieces: readonly Piece[]): LogicalText {
  return {
    text,
    offsetAt: (index) => {
      if (text.length === 0) return source.offsetAt(pieces[0]?.source ?? 0);
      return index < text.length
        ? source.offsetAt(offsetIn(pieces, text.length, Math.max(index, 0)))
        : source.offsetAt(offsetIn(pieces, text.length, text.length - 1)) + 1;
    },
  };
}

export function sliceOf(source: LogicalText, range: Range): LogicalText {
  const length = range.end - range.start;
  return {
    text: source.text.slice(range.start, range.end),
    offsetAt: (index) =>
      index < length ? source.offsetAt(range.start + Math.max(index, 0)) : endOffset(source, range),
  };
}

/** The span of a range in the file, including continuations inside it. */
export function spanOf(source: LogicalText, range: Range): Span {
  if (range.end <= range.start) {
    const offset = endOffset(source, range);
    return { start: offset, end: offset };
  }
  return { start: source.offsetAt(range.start), end: endOffset(source, range) };
}

export function wordOf(source: LogicalText, range: Range): Word {
  const logical = sliceOf(source, range);
  return { value: logical.text, span: spanOf(source, range), logical };
}

/** A word whose value differs from the written text: quotes or escapes are removed. */
export function derivedWord(source: LogicalText, span: Span, value: string, pieces: readonly Piece[]): Word {
  return { value, span, logical: derivedText(source, value, pieces) };
}

/** A part of a word as a word; `range` refers to its value. */
export function partOf(word: Word, range: Range): Word {
  return wordOf(word.logical, range);
}

/** The end of a range. It belongs to the previous character, which excludes a following continuation. */
function endOffset(source: LogicalText, range: Range): number {
  return range.end > 0 ? source.offsetAt(range.end - 1) + 1 : source.offsetAt(0);
}

function offsetIn(pieces: readonly Piece[], length: number, index: number): number {
  if (index >= length && length > 0) return offsetIn(pieces, length, length - 1) + 1;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low] ?? { at: 0, source: 0 };
  return piece.source + Math.max(index, 0) - piece.at;
}
