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

/** The fields of a paragraph by lower-case name. Continuation lines are joined by newlines; the first of equal names wins. */
export function fieldsOf(stanza: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let name: string | undefined;
  let value = "";
  const keep = (): void => {
    if (name !== undefined && !fields.has(name)) fields.set(name, value);
  };
  for (const written of stanza.split("\n")) {
    const line = written.endsWith("\r") ? written.slice(0, -1) : written;
    if (line.startsWith("#")) continue;
    if (/^[ \t]/.test(line)) {
      value += `\n${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    keep();
    name = line.slice(0, colon).trimEnd().toLowerCase();
    value = line.slice(colon + 1).trim();
  }
  keep();
  return fields;
}

/** The words of a field, separated by blanks or line breaks. */
export function wordsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(/\s+/).filter((word) => word !== "");
}

/** "Yes" and what apt takes for it. @see apt strutl.cc, StringToBool */
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
