import type { Statement, Word } from "./statement.ts";

/** A place in the text of a script, moved forward by those who read it. */
export interface Reader {
  readonly text: string;
  at: number;
  /** Nested statements and substitutions. */
  depth: number;
  /** Heredocs whose text begins behind the next newline. */
  readonly heredocs: PendingHeredoc[];
  /** Why the script can't be read; once set, reading ends. */
  problem: string | undefined;
  /** Reads statements up to one of the closing words, a parenthesis or the end, none of which it takes. */
  readonly readSequence: (reader: Reader, closing: readonly string[]) => Statement;
}

export interface PendingHeredoc {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly isExpanded: boolean;
  /** Takes the text once it is read. */
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

/** Whether a reserved word is here, as a word of its own. */
export function isAt({ text, at }: Reader, word: string): boolean {
  return text.startsWith(word, at) && /^(?:$|[\s;&|()<>])/.test(text.slice(at + word.length, at + word.length + 1));
}
