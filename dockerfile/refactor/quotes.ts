import type { Span } from "../syntax/syntax.ts";

/** True if an offset is in a part of a text that is in single quotes, as the shell and BuildKit read them. */
export function isSingleQuoted(text: string, { start, end }: Span, offset: number): boolean {
  const part = text.slice(start, end);
  for (const { 0: found, index } of part.matchAll(/\\[\s\S]|'[^']*'?|"(?:[^"\\]|\\[\s\S])*"?/g)) {
    if (start + index > offset) return false;
    if (found.startsWith("'") && offset < start + index + found.length) return true;
  }
  return false;
}
