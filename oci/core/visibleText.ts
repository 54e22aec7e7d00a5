/**
 * Characters that are obeyed, or that hide or reorder the text around them: controls except tab and line feed, formats
 * such as U+202E and U+200B, line separators, lone surrogates, fillers, tags and the variation selectors that carry
 * hidden bytes.
 * @see https://www.unicode.org/reports/tr36/ §2.5 and §3.7
 */
const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u2800\u3164\uffa0\u{e0100}-\u{e01ef}]/gu;

/** Foreign text with its hidden characters spelt out: `\x1b`, `\u202e`. Tabs and line feeds stay. */
export function visibleText(text: string): string {
  return text.replace(hidden, (found) =>
    found < "\x80" ? `\\x${found.charCodeAt(0).toString(16).padStart(2, "0")}` : escaped(found),
  );
}

/** The same JSON with the hidden characters of its strings escaped. */
export function visibleJson(json: string): string {
  return json.replace(hidden, escaped);
}

function escaped(found: string): string {
  return found
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
