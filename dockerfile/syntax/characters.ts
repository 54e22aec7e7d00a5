/** True for Go's `unicode.IsSpace`, by which BuildKit trims lines and separates words. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || isBlankControl(code) || code === 0x0a;
  return wideSpaces.has(code);
}

/**
 * True for characters between a keyword and its arguments, and between unquoted words: `[\t\v\f\r ]`.
 * @see moby/buildkit frontend/dockerfile/parser/parser.go reWhitespace
 */
export function isBlank(code: number): boolean {
  return code === 0x20 || isBlankControl(code);
}

/** `range` without leading and trailing space characters; an empty range if there is nothing else. */
export function trim(text: string, start: number, end: number): { start: number; end: number } {
  const from = skipSpaces(text, start, end);
  let to = end;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return { start: from, end: to };
}

/** The position of the first character from `start` that isn't a space, at most `end`. */
export function skipSpaces(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && isSpace(text.charCodeAt(position))) position++;
  return position;
}

const wideSpaces = new Set([
  0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028,
  0x2029, 0x202f, 0x205f, 0x3000,
]);

function isBlankControl(code: number): boolean {
  return code === 0x09 || (code >= 0x0b && code <= 0x0d);
}
