/** Columns of text, made safe for a terminal; numbers are aligned right where `right` names the column. */
export function table(cells: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const rows = cells.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows
    .map((row) => row.map((cell, column) => (right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join("  ").trimEnd())
    .join("\n");
}

/** What turns the direction of the text around it, and so makes it read as what it is not. @see UAX #9 §2 */
export const directionControls = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
const controls = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${directionControls}]`, "g");

/** Text from an image or a file, made safe for a terminal: control characters become `\xNN` or `\uNNNN`. */
export function printable(text: string): string {
  // Terminals obey escape sequences in whatever is printed to them.
  return text.replace(controls, (control) => {
    const code = control.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}
