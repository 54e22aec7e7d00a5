import { fail, type Reader } from "./reader.ts";
import type { Fallback, Word, WordPart } from "./statement.ts";

const metaCharacters = " \t\n;&|<>()";

/** Reads a word; undefined if there isn't one here. */
export function readWord(reader: Reader): Word | undefined {
  const start = reader.at;
  const parts: WordPart[] = [];
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined || metaCharacters.includes(char)) break;
    readPart(reader, parts, char);
  }
  return reader.at === start ? undefined : { parts: bracesUnread(parts), text: reader.text.slice(start, reader.at) };
}

/** Marks braces as unread: whether `{a,b}` becomes two words depends on the shell that `sh` is. */
function bracesUnread(parts: readonly WordPart[]): readonly WordPart[] {
  const bare = parts.map((part) => (part.kind === "text" && !part.isQuoted ? part.value : "_")).join("");
  return /\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(bare) ? [{ kind: "unread", isQuoted: false }] : parts;
}

function readPart(reader: Reader, parts: WordPart[], char: string): void {
  const { text } = reader;
  if (char === "'") {
    const end = text.indexOf("'", reader.at + 1);
    if (end < 0) return fail(reader, "a quote isn't closed");
    parts.push({ kind: "text", value: text.slice(reader.at + 1, end), isQuoted: true });
    reader.at = end + 1;
  } else if (char === '"') {
    reader.at++;
    // An empty string is a word, too.
    parts.push({ kind: "text", value: "", isQuoted: true }, ...readQuoted(reader, '"'));
    reader.at++;
  } else if (char === "\\") {
    const next = text[reader.at + 1] ?? "";
    if (next !== "\n") parts.push({ kind: "text", value: next, isQuoted: true });
    reader.at += 2;
  } else if (char === "$" || char === "`") parts.push(readExpansion(reader, false));
  else {
    addText(parts, char, false);
    reader.at++;
  }
}

/** The parts up to an end, as within double quotes; the whole text without an end. */
function readQuoted(reader: Reader, end: '"' | undefined): WordPart[] {
  const { text } = reader;
  const parts: WordPart[] = [];
  for (;;) {
    const char = text[reader.at];
    if (char === undefined) {
      if (end) fail(reader, "a quote isn't closed");
      return parts;
    }
    if (char === end) return parts;
    if (char === "\\") readEscape(reader, parts, end);
    else if (char === "$" || char === "`") parts.push(readExpansion(reader, true));
    else {
      addText(parts, char, true);
      reader.at++;
    }
  }
}

/**
 * Reads an escape. Within double quotes, and in a heredoc, a backslash is literal unless one of these follows.
 * @see POSIX XCU 2.2.3
 */
function readEscape(reader: Reader, parts: WordPart[], end: '"' | undefined): void {
  const next = reader.text[reader.at + 1] ?? "";
  const isEscape = "$`\\".includes(next) || (next === '"' && end === '"');
  if (next !== "\n") addText(parts, isEscape && next !== "" ? next : `\\${next}`, true);
  reader.at += 2;
}

/** Reads the text of an unquoted heredoc. */
export function heredocWord(outer: Reader, text: string): Word {
  const reader: Reader = { ...outer, text, at: 0, heredocs: [], problem: undefined };
  const parts = readQuoted(reader, undefined);
  return { parts: reader.problem === undefined ? parts : [{ kind: "unread", isQuoted: true }], text };
}

function addText(parts: WordPart[], value: string, isQuoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === "text" && last.isQuoted === isQuoted)
    parts[parts.length - 1] = { ...last, value: last.value + value };
  else parts.push({ kind: "text", value, isQuoted });
}

/** Reads an expansion at a `$` or a backquote. */
function readExpansion(reader: Reader, isQuoted: boolean): WordPart {
  const { text } = reader;
  if (text[reader.at] === "`") return skipTo(reader, "`", isQuoted);
  const next = text[reader.at + 1] ?? "";
  if (next === "(") return readParentheses(reader, isQuoted);
  if (next === "{") return readBraces(reader, isQuoted);
  const name = /^(?:[A-Za-z_]\w*|[@*#?$!0-9-])/.exec(text.slice(reader.at + 1, reader.at + 101))?.[0];
  reader.at += 1 + (name?.length ?? 0);
  if (name !== undefined) return { kind: "variable", name, isQuoted };
  // Only bash has `$'…'` and `$"…"`.
  if ((next === "'" || next === '"') && !isQuoted) return { kind: "unread", isQuoted };
  return { kind: "text", value: "$", isQuoted: true };
}

function skipTo(reader: Reader, end: string, isQuoted: boolean): WordPart {
  reader.at++;
  while (reader.at < reader.text.length && reader.text[reader.at] !== end)
    reader.at += reader.text[reader.at] === "\\" ? 2 : 1;
  if (reader.at >= reader.text.length) fail(reader, "a substitution isn't closed");
  reader.at++;
  return { kind: "unread", isQuoted };
}

function readParentheses(reader: Reader, isQuoted: boolean): WordPart {
  if (reader.text.startsWith("$((", reader.at)) {
    const end = reader.text.indexOf("))", reader.at);
    if (end < 0) fail(reader, "an arithmetic expression isn't closed");
    else reader.at = end + 2;
    return { kind: "unread", isQuoted };
  }
  reader.at += 2;
  const body = reader.readSequence(reader, []);
  if (reader.text[reader.at] !== ")") fail(reader, "a substitution isn't closed");
  reader.at++;
  return { kind: "substitution", body, isQuoted };
}

/** Reads `${NAME}` and `${NAME:-word}`; other forms aren't evaluated. */
function readBraces(reader: Reader, isQuoted: boolean): WordPart {
  const head = /^\$\{([A-Za-z_]\w*)(?:(:?)([-+=?])|\})/.exec(reader.text.slice(reader.at, reader.at + 103));
  if (!head) return skipTo(reader, "}", isQuoted);
  const [written, name = "", colon, operator] = head;
  reader.at += written.length;
  if (operator === undefined) return { kind: "variable", name, isQuoted };
  const word = readFallback(reader);
  return { kind: "variable", name, isQuoted, fallback: { ...fallbackOf(operator), isForEmpty: colon === ":", word } };
}

function fallbackOf(operator: string): Pick<Fallback, "operator"> {
  return { operator: operator === "-" || operator === "+" || operator === "=" ? operator : "?" };
}

function readFallback(reader: Reader): Word {
  const start = reader.at;
  const parts: WordPart[] = [];
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined) fail(reader, "a brace isn't closed");
    if (char === undefined || char === "}") break;
    if (metaCharacters.includes(char)) {
      addText(parts, char, false);
      reader.at++;
    } else readPart(reader, parts, char);
  }
  const text = reader.text.slice(start, reader.at);
  reader.at++;
  return { parts, text };
}
