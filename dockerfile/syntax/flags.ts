import { isBlank } from "./characters.ts";
import { csvFields } from "./csv.ts";
import { derivedWord, partOf, spanOf, type Piece, type Range } from "./logicalText.ts";
import type { Flag, FlagOption, LogicalText, Word } from "./syntax.ts";

/** The `--name=value` words after a keyword, and their end. */
export interface ReadFlags {
  readonly flags: readonly Flag[];
  readonly ranges: readonly Range[];
  /** A `--` that ends the flags. */
  readonly terminator?: Range;
  readonly end: number;
}

/**
 * Reads flags until a word that doesn't begin with `--`, and removes their quotes and escapes.
 * @see moby/buildkit frontend/dockerfile/parser/split_command.go
 */
export function readFlags(source: LogicalText, range: Range, escape: string): ReadFlags {
  const flags: Flag[] = [];
  const ranges: Range[] = [];
  let position = skipBlanks(source.text, range.start, range.end);
  while (source.text.startsWith("--", position) && position + 1 < range.end) {
    const raw = readFlagWord(source.text, { start: position, end: range.end }, escape);
    if (raw.value === "--") return { flags, ranges, terminator: raw.range, end: raw.range.end };
    flags.push(flagOf(source, raw));
    ranges.push(raw.range);
    position = skipBlanks(source.text, raw.range.end, range.end);
  }
  return { flags, ranges, end: position };
}

interface RawFlag {
  readonly range: Range;
  readonly value: string;
  readonly pieces: readonly Piece[];
}

function readFlagWord(text: string, range: Range, escape: string): RawFlag {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  let quote = "";
  let runStart = range.start;
  let position = range.start;
  const endRun = (end: number, next: number): void => {
    if (end > runStart) {
      pieces.push({ at: length, source: runStart });
      parts.push(text.slice(runStart, end));
      length += end - runStart;
    }
    runStart = next;
  };
  for (; position < range.end; position++) {
    const character = text[position] ?? "";
    if (quote === "" && isBlank(text.charCodeAt(position))) break;
    if (character === escape) {
      endRun(position, position + 1);
      position++;
    } else if (quote === "" ? character === "'" || character === '"' : character === quote) {
      endRun(position, position + 1);
      quote = quote === "" ? character : "";
    }
  }
  const end = Math.min(position, range.end);
  endRun(end, end);
  return { range: { start: range.start, end }, value: parts.join(""), pieces };
}

function flagOf(source: LogicalText, { range, value, pieces }: RawFlag): Flag {
  const word = derivedWord(source, spanOf(source, range), value, pieces);
  const equals = value.indexOf("=");
  const name = partOf(word, { start: 2, end: equals === -1 ? value.length : equals });
  const flag = { name: name.value, nameSpan: name.span, span: word.span };
  if (equals === -1) return { ...flag, options: [] };
  const flagValue = partOf(word, { start: equals + 1, end: value.length });
  return { ...flag, value: flagValue, options: flag.name === "mount" ? optionsOf(flagValue) : [] };
}

function optionsOf(value: Word): FlagOption[] {
  const fields = csvFields(value.value);
  if (!fields) return [];
  return fields.map(({ range, text, pieces }) => {
    const field = derivedWord(value.logical, spanOf(value.logical, range), text, pieces);
    const equals = text.indexOf("=");
    const key = partOf(field, { start: 0, end: equals === -1 ? text.length : equals });
    const option = { key: key.value.toLowerCase(), keySpan: key.span, span: field.span };
    return equals === -1 ? option : { ...option, value: partOf(field, { start: equals + 1, end: text.length }) };
  });
}

function skipBlanks(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && isBlank(text.charCodeAt(position))) position++;
  return position;
}
