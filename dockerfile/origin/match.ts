import { unknownText } from "./variableReadings.ts";

/**
 * The result of comparing a step's text with an instruction: "same"; "open" if nothing known contradicts it; "other" if
 * it is a different one.
 */
export type Fit = "same" | "open" | "other";

/** Compares a line with its possible texts, which include readings with holes. */
export function fitAny(recorded: string, expected: readonly string[]): Fit {
  if (expected.includes(recorded)) return "same";
  return expected.some((text) => text.includes(unknownText) && fillsHoles(recorded, text)) ? "open" : "other";
}

/**
 * True if a text equals `recorded` once its holes are filled. Takes linear time: each part is searched after the
 * previous one.
 */
function fillsHoles(recorded: string, text: string): boolean {
  const parts = text.split(unknownText);
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (recorded.length < first.length + last.length || !recorded.startsWith(first) || !recorded.endsWith(last))
    return false;
  const end = recorded.length - last.length;
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = recorded.indexOf(part, position);
    if (found === -1 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}
