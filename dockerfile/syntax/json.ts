import { skipSpaces } from "./characters.ts";
import type { Piece, Range } from "./logicalText.ts";

/** A string of a JSON array: the range inside its quotes, and its value. */
export interface JsonString extends Range {
  readonly value: string;
  readonly pieces: readonly Piece[];
}

/**
 * "no": not a JSON array, which means the shell form; "otherItems": an array with items other than strings, which
 * BuildKit rejects.
 */
export type JsonArray =
  | { readonly kind: "strings"; readonly items: readonly JsonString[] }
  | { readonly kind: "no" }
  | { readonly kind: "otherItems" };

/**
 * Reads the JSON form of an instruction's arguments.
 * @see moby/buildkit frontend/dockerfile/parser/line_parsers.go parseJSON
 */
export function readJsonArray(text: string, range: Range): JsonArray {
  const start = skipSpaces(text, range.start, range.end);
  if (start >= range.end || text[start] !== "[") return { kind: "no" };
  const items = readStrings(text, { start: start + 1, end: range.end });
  if (items) return { kind: "strings", items };
  return isJson(text.slice(start, range.end)) ? { kind: "otherItems" } : { kind: "no" };
}

function readStrings(text: string, range: Range): JsonString[] | undefined {
  const items: JsonString[] = [];
  let position = skipWhite(text, range.start);
  if (text[position] === "]") return isEnd(text, position + 1, range.end) ? items : undefined;
  for (;;) {
    const item = readString(text, position, range.end);
    if (!item) return undefined;
    items.push(item);
    position = skipWhite(text, item.end + 1);
    if (text[position] === "]" && position < range.end) return isEnd(text, position + 1, range.end) ? items : undefined;
    if (text[position] !== "," || position >= range.end) return undefined;
    position = skipWhite(text, position + 1);
  }
}

function readString(text: string, quote: number, end: number): JsonString | undefined {
  if (quote >= end || text[quote] !== '"') return undefined;
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  let position = quote + 1;
  for (;;) {
    const plainEnd = plainEndFrom(text, position, end);
    if (plainEnd === undefined) return undefined;
    pieces.push({ at: length, source: position });
    parts.push(text.slice(position, plainEnd));
    length += plainEnd - position;
    if (text[plainEnd] === '"') return { start: quote + 1, end: plainEnd, value: parts.join(""), pieces };
    const escaped = readEscape(text, plainEnd);
    if (escaped === undefined) return undefined;
    pieces.push({ at: length, source: plainEnd });
    parts.push(escaped);
    length += escaped.length;
    position = plainEnd + (text[plainEnd + 1] === "u" ? 6 : 2);
  }
}

/** The position of the quote or backslash that ends a run of plain characters. */
function plainEndFrom(text: string, start: number, end: number): number | undefined {
  for (let position = start; position < end; position++) {
    const code = text.charCodeAt(position);
    if (code === 0x22 || code === 0x5c) return position;
    if (code < 0x20) return undefined;
  }
  return undefined;
}

function readEscape(text: string, backslash: number): string | undefined {
  const letter = text[backslash + 1] ?? "";
  if (letter !== "u") return simpleEscapes.get(letter);
  const digits = text.slice(backslash + 2, backslash + 6);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? String.fromCharCode(parseInt(digits, 16)) : undefined;
}

const simpleEscapes = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function skipWhite(text: string, start: number): number {
  let position = start;
  while (jsonWhite.has(text[position] ?? "")) position++;
  return position;
}

const jsonWhite = new Set([" ", "\t", "\n", "\r"]);

function isEnd(text: string, start: number, end: number): boolean {
  return skipWhite(text, start) >= end;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
