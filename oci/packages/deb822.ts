/**
 * Paragraphs of a Debian control file, each as its text. Blank lines separate them; CRLF is accepted.
 * @see Debian policy 5.1
 */
export function* stanzasIn(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const gap = separatorAfter(text, from);
    const stanza = text.slice(from, gap.start);
    if (stanza.trim() !== "") yield stanza;
    from = gap.end;
  }
}

/**
 * The fields of a paragraph by lower-case name, or those of `wanted` only. Continuation lines are joined by newlines;
 * the first of equal names wins.
 */
export function fieldsOf(stanza: string, wanted?: ReadonlySet<string>): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let name: string | undefined;
  let value = "";
  const keep = (): void => {
    if (name !== undefined && !fields.has(name)) fields.set(name, value);
  };
  for (let start = 0; start < stanza.length;) {
    const newline = stanza.indexOf("\n", start);
    const end = newline < 0 ? stanza.length : newline;
    const first = stanza.charAt(start);
    if (first === " " || first === "\t") {
      if (name !== undefined) value += `\n${stanza.slice(start, end).trim()}`;
    } else if (first !== "#") {
      const colon = stanza.indexOf(":", start);
      if (colon > start && colon < end) {
        keep();
        const written = stanza.slice(start, colon).trimEnd().toLowerCase();
        name = !wanted || wanted.has(written) ? written : undefined;
        value = name === undefined ? "" : stanza.slice(colon + 1, end).trim();
      }
    }
    start = end + 1;
  }
  keep();
  return fields;
}

/** The words of a field, separated by blanks or line breaks. */
export function wordsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(/\s+/).filter((word) => word !== "");
}

/** True for "yes" and the words that apt accepts for it. @see apt strutl.cc, StringToBool */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(?:yes|true|with|on|enable|1)$/i.test(value.trim());
}

function separatorAfter(text: string, from: number): { readonly start: number; readonly end: number } {
  for (let newline = text.indexOf("\n", from); newline >= 0; newline = text.indexOf("\n", newline + 1)) {
    let end = newline + 1;
    while (end < text.length && " \t\r".includes(text.charAt(end))) end++;
    if (text[end] === "\n") return { start: newline, end: end + 1 };
  }
  return { start: text.length, end: text.length };
}
