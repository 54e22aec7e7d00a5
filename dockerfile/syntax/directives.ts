import { skipSpaces } from "./characters.ts";
import type { Line } from "./lines.ts";
import type { Directive } from "./syntax.ts";

/**
 * Reads `# name=value` with a name that BuildKit knows, where `hash` is the position of the `#`; undefined ends the
 * block of directives.
 * @see moby/buildkit frontend/dockerfile/parser/directives.go
 */
export function directiveAt(text: string, hash: number, line: Line): Directive | undefined {
  const start = skipSpaces(text, hash + 1, line.contentEnd);
  const head = directiveHead.exec(text.slice(start, Math.min(line.contentEnd, start + maxHeadLength)));
  const name = head?.groups?.["name"];
  if (!head || !name || !knownDirectives.has(name.toLowerCase())) return undefined;
  const valueSpan = valueSpanIn(text, start + head[0].length, line.contentEnd);
  if (!valueSpan) return undefined;
  return {
    name: name.toLowerCase(),
    nameSpan: { start, end: start + name.length },
    value: text.slice(valueSpan.start, valueSpan.end),
    valueSpan,
    span: { start: hash, end: line.contentEnd },
  };
}

/** The directives BuildKit knows; any other `# name=value` is a comment and ends the block. */
export const knownDirectives: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

const directiveHead = /^(?<name>[a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/;

// The longest known name has 6 letters; this leaves enough space for blanks before the =.
const maxHeadLength = 1024;

/** The value without leading and trailing blanks; if it is all blanks, BuildKit's pattern matches the last one. */
function valueSpanIn(text: string, start: number, end: number): { start: number; end: number } | undefined {
  if (start >= end) return undefined;
  let from = start;
  while (from < end && blanks.has(text[from] ?? "")) from++;
  if (from === end) return { start: end - 1, end };
  let to = end;
  while (to > from + 1 && blanks.has(text[to - 1] ?? "")) to--;
  return { start: from, end: to };
}

const blanks = new Set(["\t", "\n", "\f", "\r", " "]);
