/** The first word of a line, as columns from 0; undefined if it begins with something else. */
export function keywordIn(line: string): { readonly start: number; readonly end: number } | undefined {
  const [, blanks = "", keyword = ""] = /^([ \t]*)([A-Za-z]+)/.exec(line) ?? [];
  return keyword === "" ? undefined : { start: blanks.length, end: blanks.length + keyword.length };
}
