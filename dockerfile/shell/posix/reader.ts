import type { Statement, Word } from "./statement.ts";

/** A position in the text of a script, which readers advance. */
export interface Reader {
  readonly text: string;
  at: number;
  /** The depth of nested statements and substitutions. */
  depth: number;
  /** Heredocs whose text begins after the next newline. */
  readonly heredocs: PendingHeredoc[];
  /** The reason why the script can't be read; setting it ends reading. */
  problem: string | undefined;
  /** Reads statements up to one of the closing words, a parenthesis or the end, without consuming it. */
  readonly readSequence: (reader: Reader, closing: readonly string[]) => Statement;
}

export interface PendingHeredoc {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly isExpanded: boolean;
  /** Receives the text once it is read. */
  readonly fill: (body: Word) => void;
}

/** Records the first problem and ends reading. */
export function fail(reader: Reader, problem: string): void {
  reader.problem ??= problem;
  reader.at = reader.text.length;
}

/** Skips blanks, line continuations and comments. */
export function skipBlanks(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const char = text[reader.at];
    if (char === " " || char === "\t") reader.at++;
    else if (char === "\\" && text[reader.at + 1] === "\n") reader.at += 2;
    else if (char === "#") reader.at = endOfLine(text, reader.at);
    else return;
  }
}

export function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** True if a reserved word is at this position, as a separate word. */
export function isAt({ text, at }: Reader, word: string): boolean {
  return text.startsWith(word, at) && /^(?:$|[\s;&|()<>])/.test(text.slice(at + word.length, at + word.length + 1));
}
