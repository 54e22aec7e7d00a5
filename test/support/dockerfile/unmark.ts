/** Half-open range of offsets in the text without marks. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface Unmarked {
  readonly text: string;
  /** In the text's order. */
  readonly marks: readonly Mark[];
  /** The offset of `<|>`. */
  readonly cursor?: number;
}

/**
 * Removes marks from a fixture. A line of blanks, `^^^` and a label marks the columns of the line above; a single `^`
 * just past that line's end is a position; `<|>` is the cursor.
 */
export function unmark(fixture: string): Unmarked {
  const marks: Mark[] = [];
  let text = "";
  let lineStart = 0;
  for (const line of fixture.split(/(?<=\n)/)) {
    const [all, blanks = "", carets = "", label = ""] = markLine.exec(line) ?? [];
    if (all === undefined) {
      lineStart = text.length;
      text += line;
    } else {
      const start = lineStart + blanks.length;
      const lineEnd = lineStart + text.slice(lineStart).replace(/\r?\n$/, "").length;
      if (start > lineEnd) throw new Error(`mark beyond its line: ${JSON.stringify(line)}`);
      marks.push({ start, end: Math.min(lineEnd, start + carets.length), label });
    }
  }
  marks.sort((a, b) => a.start - b.start || a.end - b.end);
  const cursor = text.indexOf(cursorMark);
  return cursor < 0
    ? { text, marks }
    : { text: text.slice(0, cursor) + text.slice(cursor + cursorMark.length), marks, cursor };
}

/** Inserts marks below their lines: the output of a failing test, ready to be pasted. */
export function mark(text: string, marks: readonly Mark[]): string {
  let lineStart = 0;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      const end = lineStart + line.length;
      const below = marks.filter(
        ({ start }) => start >= lineStart && (start < end || (end === text.length && !line.endsWith("\n"))),
      );
      const drawn = below.map(({ start, end: markEnd, label }) => {
        const carets = "^".repeat(Math.max(1, markEnd - start));
        return `${" ".repeat(start - lineStart)}${carets} ${label}\n`;
      });
      lineStart = end;
      return drawn.length > 0 ? `${line.replace(/\n?$/, "\n")}${drawn.join("")}` : line;
    })
    .join("");
}

const markLine = /^([ \t]*)(\^+)(?: ([^\r\n]*))?\r?\n?$/;
const cursorMark = "<|>";
