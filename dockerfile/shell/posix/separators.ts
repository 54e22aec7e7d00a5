import { endOfLine, skipBlanks, type Reader } from "./reader.ts";
import { heredocWord } from "./words.ts";

/** Skips blanks, newlines with the heredocs after them, and single semicolons. */
export function skipSeparators(reader: Reader): void {
  for (;;) {
    skipBlanks(reader);
    const char = reader.text[reader.at];
    if (char === "\n") takeNewline(reader);
    else if (char === ";" && reader.text[reader.at + 1] !== ";") reader.at++;
    else return;
  }
}

export function skipNewlines(reader: Reader): void {
  for (;;) {
    skipBlanks(reader);
    if (reader.text[reader.at] !== "\n") return;
    takeNewline(reader);
  }
}

/** Consumes a newline and the texts of the heredocs announced before it. */
function takeNewline(reader: Reader): void {
  reader.at++;
  for (const heredoc of reader.heredocs.splice(0)) {
    const lines: string[] = [];
    for (;;) {
      if (reader.at >= reader.text.length) break;
      const end = endOfLine(reader.text, reader.at);
      const written = reader.text.slice(reader.at, end);
      const line = heredoc.stripsTabs ? written.replace(/^\t+/, "") : written;
      reader.at = Math.min(end + 1, reader.text.length);
      if (line === heredoc.delimiter) break;
      lines.push(`${line}\n`);
    }
    const body = lines.join("");
    heredoc.fill(
      heredoc.isExpanded
        ? heredocWord(reader, body)
        : { parts: [{ kind: "text", value: body, isQuoted: true }], text: body },
    );
  }
}
