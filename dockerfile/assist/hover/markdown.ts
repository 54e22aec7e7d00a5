import { shorten } from "../../../oci/core/text.ts";

/** Text of a file as Markdown that shows it literally, on one line. */
export function code(text: string): string {
  const shown = shorten(text.replace(/\s+/g, " "), 200);
  if (shown.trim() === "") return "an empty text";
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** Paragraphs, empty ones left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}

/** A list with one line per row that has a value. */
export function rows(entries: readonly (readonly [name: string, value: string | undefined])[]): string {
  return entries
    .flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`- ${name}: ${value}`]))
    .join("\n");
}
