import { unknownText } from "./variableReadings.ts";

/** How a step's text fits an instruction: it is the same; it is the same as far as both tell; it is another. */
export type Fit = "same" | "open" | "other";

/** Compares one line with what it may have been, the readings with holes among them. */
export function fitAny(recorded: string, expected: readonly string[]): Fit {
  if (expected.includes(recorded)) return "same";
  return expected.some((text) => text.includes(unknownText) && fillsHoles(recorded, text)) ? "open" : "other";
}

/** Whether a text becomes `recorded` once its holes are filled. Takes linear time: each part is looked for behind the one before it. */
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
