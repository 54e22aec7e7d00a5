import type { Change } from "./change.ts";

/** The text after the changes, which must not overlap; two insertions at one position keep their order. */
export function applyChanges(text: string, changes: readonly Change[]): string {
  const ordered = changes.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = "";
  let end = 0;
  for (const { span, text: replacement } of ordered) {
    result += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return result + text.slice(end);
}
