import { visibleText } from "../../../oci/core/visibleText.ts";

/** Columns of text, made safe for a terminal; numbers are aligned right where `right` names the column. */
export function table(cells: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const rows = cells.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text from an image or a file, made safe for a terminal and for a line: what would be obeyed or hide is spelt out, `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return visibleText(text).replaceAll("\t", "\\x09").replaceAll("\n", "\\x0a");
}
