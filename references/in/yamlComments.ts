import { suppressionIn } from "../../dockerfile/lint/config/suppressions.ts";
import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";

/**
 * The references that a comment ignores, in the linter's syntax: at the end of their line, in the comment lines above
 * it, or for the whole file.
 */
export function ignoredByComment(text: string, references: readonly PlacedReference[]): ReadonlySet<PlacedReference> {
  const lines = text.split("\n");
  if (lines.some((line) => silences(line, "file"))) return new Set(references);
  const lineOf = lineIndex(lines);
  return new Set(references.filter(({ span }) => isLeftAlone(lines, lineOf(span.start))));
}

/** The text with comments that begin with `//` replaced by YAML comments; positions don't change. */
export function withHashComments(text: string): string {
  return text.replace(/(^|\s)\/\//gm, "$1 #");
}

function isLeftAlone(lines: readonly string[], index: number): boolean {
  if (silences(lines[index] ?? "", "instruction")) return true;
  for (let above = index - 1; above >= 0 && /^\s*#/.test(lines[above] ?? ""); above--)
    if (silences(lines[above] ?? "", "instruction")) return true;
  return false;
}

function silences(line: string, scope: "file" | "instruction"): boolean {
  const start = /(?:^|\s)#/.exec(line);
  if (!start) return false;
  const comment = line.slice(start.index).trimStart().trimEnd();
  const list = suppressionIn(comment, { start: 0, end: comment.length });
  return list?.scope === scope && (list.names.includes("image-without-digest") || list.names.includes("all"));
}

/**
 * Returns a function from an offset to the index of its line. It uses binary search because a file may have ten
 * thousand lines.
 */
function lineIndex(lines: readonly string[]): (offset: number) => number {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
