import { fail, isAt, skipBlanks, type Reader } from "./reader.ts";
import { skipNewlines, skipSeparators } from "./separators.ts";
import { readRedirections } from "./simple.ts";
import type { Branch, Redirection, Statement, Word } from "./statement.ts";
import { readWord } from "./words.ts";

/** Reads an `if`, a loop, a group and the like; undefined if there isn't one here. */
export function readCompound(reader: Reader): Statement | undefined {
  if (reader.text[reader.at] === "(") return readSubshell(reader);
  const keyword = [...compounds.keys()].find((word) => isAt(reader, word));
  const read = keyword === undefined ? undefined : compounds.get(keyword);
  if (keyword === undefined || !read) return undefined;
  reader.at += keyword.length;
  const statement = read(reader);
  const redirections = readRedirections(reader);
  return redirections.length === 0 ? statement : withRedirections(statement, redirections);
}

function withRedirections(statement: Statement, redirections: readonly Redirection[]): Statement {
  return statement.kind === "group" ? { ...statement, redirections } : { kind: "group", body: statement, redirections };
}

type Compound = (reader: Reader) => Statement;

const compounds: ReadonlyMap<string, Compound> = new Map<string, Compound>([
  ["if", readIf],
  ["for", readFor],
  ["while", (reader) => readLoop(reader, "while")],
  ["until", (reader) => readLoop(reader, "until")],
  ["case", readCase],
  ["{", readGroup],
  ["[[", readTest],
]);

/** Consumes a reserved word, or fails. */
function expect(reader: Reader, word: string): void {
  skipSeparators(reader);
  if (isAt(reader, word)) reader.at += word.length;
  else fail(reader, `its script can't be read: ${word} is missing`);
}

function readSubshell(reader: Reader): Statement {
  if (reader.text.startsWith("((", reader.at)) fail(reader, "arithmetic isn't followed");
  reader.at++;
  const body = reader.readSequence(reader, []);
  if (reader.text[reader.at] !== ")") fail(reader, "its script can't be read: a parenthesis isn't closed");
  reader.at++;
  return { kind: "subshell", body, redirections: readRedirections(reader) };
}

function readGroup(reader: Reader): Statement {
  const body = reader.readSequence(reader, ["}"]);
  expect(reader, "}");
  return { kind: "group", body, redirections: [] };
}

function readIf(reader: Reader): Statement {
  const branches: Branch[] = [];
  do {
    const condition = reader.readSequence(reader, ["then"]);
    expect(reader, "then");
    branches.push({ condition, body: reader.readSequence(reader, ["elif", "else", "fi"]) });
  } while (takes(reader, "elif"));
  const otherwise = takes(reader, "else") ? reader.readSequence(reader, ["fi"]) : undefined;
  expect(reader, "fi");
  return { kind: "if", branches, ...(otherwise && { otherwise }) };
}

function takes(reader: Reader, word: string): boolean {
  if (!isAt(reader, word)) return false;
  reader.at += word.length;
  return true;
}

function readFor(reader: Reader): Statement {
  skipBlanks(reader);
  const name = readWord(reader)?.text ?? "";
  skipNewlines(reader);
  const words: Word[] = [];
  if (takes(reader, "in"))
    for (;;) {
      skipBlanks(reader);
      const word = readWord(reader);
      if (!word) break;
      words.push(word);
    }
  const body = readDoGroup(reader);
  return { kind: "for", name, words, body };
}

function readDoGroup(reader: Reader): Statement {
  expect(reader, "do");
  const body = reader.readSequence(reader, ["done"]);
  expect(reader, "done");
  return body;
}

function readLoop(reader: Reader, keyword: string): Statement {
  const condition = reader.readSequence(reader, ["do"]);
  const body = readDoGroup(reader);
  return { kind: "undecided", what: `how often its \`${keyword}\` loop runs is not known`, inside: [condition, body] };
}

function readCase(reader: Reader): Statement {
  skipBlanks(reader);
  readWord(reader);
  skipNewlines(reader);
  expect(reader, "in");
  const inside: Statement[] = [];
  for (;;) {
    skipSeparators(reader);
    if (reader.at >= reader.text.length || isAt(reader, "esac")) break;
    readPatterns(reader);
    inside.push(reader.readSequence(reader, ["esac"]));
    if (reader.text.startsWith(";;", reader.at)) reader.at += 2;
  }
  expect(reader, "esac");
  return { kind: "undecided", what: "which branch of its `case` runs is not known", inside };
}

function readPatterns(reader: Reader): void {
  const end = /^\(?[^)\n]*\)/.exec(reader.text.slice(reader.at, reader.at + 1000));
  if (end) reader.at += end[0].length;
  else fail(reader, "its script can't be read: a case has no pattern");
}

/** Reads `[[ … ]]`, which has a separate grammar and doesn't change files. */
function readTest(reader: Reader): Statement {
  const end = reader.text.indexOf("]]", reader.at);
  if (end < 0) fail(reader, "its script can't be read: ]] is missing");
  else reader.at = end + 2;
  return { kind: "undecided", what: "what its `[[ … ]]` says is not known", inside: [] };
}
