import { isBlank, isSpace } from "./characters.ts";
import type { Range } from "./logicalText.ts";

/** The words between blanks; quotes have no meaning. */
export function blankSeparated(text: string, range: Range): Range[] {
  const words: Range[] = [];
  let position = range.start;
  while (position < range.end) {
    const start = position;
    while (position < range.end && !isBlank(text.charCodeAt(position))) position++;
    if (position > start) words.push({ start, end: position });
    while (position < range.end && isBlank(text.charCodeAt(position))) position++;
  }
  return words;
}

/**
 * The words of ENV, LABEL and ARG: separated by space characters that are neither quoted nor escaped.
 * @see moby/buildkit frontend/dockerfile/parser/line_parsers.go parseWords
 */
export function quotedWords(text: string, range: Range, escape: string): Range[] {
  const words: Range[] = [];
  let position = range.start;
  while (position < range.end) {
    while (position < range.end && isSpace(text.charCodeAt(position))) position++;
    if (position >= range.end) break;
    const word = quotedWordAt(text, { start: position, end: range.end }, escape);
    if (word.end > word.start) words.push(word);
    position = Math.max(word.end, word.next);
  }
  return words;
}

function quotedWordAt(text: string, range: Range, escape: string): Range & { readonly next: number } {
  let quote = "";
  let position = range.start;
  for (; position < range.end; position++) {
    const character = text[position] ?? "";
    if (quote === "" && isSpace(text.charCodeAt(position))) break;
    if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
    else if (character === escape && quote !== "'") {
      // An escape character with nothing after it is dropped.
      if (position + 1 === range.end) return { start: range.start, end: position, next: range.end };
      position++;
    }
  }
  return { start: range.start, end: Math.min(position, range.end), next: position };
}

/** The text up to the first blank. */
export function firstWord(text: string, range: Range): Range {
  let end = range.start;
  while (end < range.end && !isBlank(text.charCodeAt(end))) end++;
  return { start: range.start, end };
}

/** The first word and everything after it, for `ENV key value`. */
export function headAndRest(text: string, range: Range): { head: Range; rest?: Range } {
  const head = firstWord(text, range);
  let start = head.end;
  while (start < range.end && isBlank(text.charCodeAt(start))) start++;
  return start > head.end ? { head, rest: { start, end: range.end } } : { head };
}
