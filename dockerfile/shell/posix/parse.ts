import { readCompound } from "./compound.ts";
import { fail, isAt, skipBlanks, type Reader } from "./reader.ts";
import { skipNewlines, skipSeparators } from "./separators.ts";
import { readSimple } from "./simple.ts";
import type { AndOr, Statement } from "./statement.ts";

/** The statements of a script, or the reason why it can't be read. */
export type ParsedScript = Statement | { readonly kind: "unreadable"; readonly problem: string };

/** Reads the text passed to a POSIX shell. Unsupported parts are named in the statement; never throws. */
export function parsePosix(text: string): ParsedScript {
  if (text.length > maxCharacters) return { kind: "unreadable", problem: "its script is too long to follow" };
  const reader: Reader = {
    text: text.replaceAll("\r\n", "\n"),
    at: 0,
    depth: 0,
    heredocs: [],
    problem: undefined,
    readSequence,
  };
  const statement = readSequence(reader, []);
  if (reader.at < reader.text.length) fail(reader, `its script can't be read at ${shown(reader)}`);
  return reader.problem === undefined ? statement : { kind: "unreadable", problem: reader.problem };
}

const maxCharacters = 64 * 1024;
// Real scripts nest a few levels; hostile ones must not exhaust the stack.
const maxDepth = 60;

function shown({ text, at }: Reader): string {
  return JSON.stringify(text.slice(at, at + 10));
}

function readSequence(reader: Reader, closing: readonly string[]): Statement {
  const statements: Statement[] = [];
  if (++reader.depth > maxDepth) fail(reader, "its script is nested too deeply to follow");
  for (;;) {
    skipSeparators(reader);
    if (reader.at >= reader.text.length || atEnd(reader, closing)) break;
    const before = reader.at;
    const statement = readAndOr(reader);
    statements.push(inBackground(reader, statement));
    if (reader.at === before) break;
  }
  reader.depth--;
  return { kind: "sequence", statements };
}

function inBackground(reader: Reader, statement: Statement): Statement {
  skipBlanks(reader);
  if (reader.text[reader.at] !== "&" || reader.text[reader.at + 1] === "&") return statement;
  reader.at++;
  return { kind: "undecided", what: "what runs in the background isn't followed", inside: [statement] };
}

function atEnd(reader: Reader, closing: readonly string[]): boolean {
  const char = reader.text[reader.at];
  if (char === ")" || char === ";") return true;
  return closing.some((word) => isAt(reader, word));
}

function readAndOr(reader: Reader): Statement {
  const first = readPipeline(reader);
  const rest: AndOr[] = [];
  for (;;) {
    skipBlanks(reader);
    const operator = reader.text.slice(reader.at, reader.at + 2);
    if (operator !== "&&" && operator !== "||") break;
    reader.at += 2;
    skipNewlines(reader);
    rest.push({ operator, statement: readPipeline(reader) });
  }
  return rest.length === 0 ? first : { kind: "andOr", first, rest };
}

function readPipeline(reader: Reader): Statement {
  skipBlanks(reader);
  const isNegated = isAt(reader, "!");
  if (isNegated) {
    reader.at++;
    skipBlanks(reader);
  }
  const commands = [readCommand(reader)];
  for (;;) {
    skipBlanks(reader);
    if (reader.text[reader.at] !== "|" || reader.text[reader.at + 1] === "|") break;
    reader.at += reader.text[reader.at + 1] === "&" ? 2 : 1;
    skipNewlines(reader);
    commands.push(readCommand(reader));
  }
  const [only] = commands;
  return only && commands.length === 1 && !isNegated ? only : { kind: "pipeline", commands, isNegated };
}

function readCommand(reader: Reader): Statement {
  return readCompound(reader) ?? readSimple(reader);
}
