import { fail, skipBlanks, type Reader } from "./reader.ts";
import type { Assignment, Redirection, SimpleCommand, Word } from "./statement.ts";
import { readWord } from "./words.ts";

/** Reads assignments, words and redirections up to an operator. Fails without any. */
export function readSimple(reader: Reader): SimpleCommand {
  const start = reader.at;
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  for (;;) {
    skipBlanks(reader);
    if (readRedirection(reader, redirections)) continue;
    const word = readWord(reader);
    if (!word) break;
    const assignment = words.length === 0 ? assignmentOf(word) : undefined;
    if (assignment) assignments.push(assignment);
    else words.push(word);
  }
  if (reader.at === start) fail(reader, "its script can't be read: a command is missing");
  // `name() { … }`: calls of functions aren't followed.
  if (reader.text[reader.at] === "(") fail(reader, "functions and arrays aren't followed");
  return { kind: "simple", assignments, words, redirections };
}

function assignmentOf({ parts, text }: Word): Assignment | undefined {
  const [first, ...rest] = parts;
  const name = first?.kind === "text" && !first.isQuoted ? /^([A-Za-z_]\w*)=/.exec(first.value)?.[1] : undefined;
  if (name === undefined || first?.kind !== "text") return undefined;
  const value = first.value.slice(name.length + 1);
  return { name, value: { parts: [{ ...first, value }, ...rest], text: text.slice(name.length + 1) } };
}

const operators = ["&>>", "<<-", "<<<", "&>", "<<", "<&", "<>", ">>", ">&", ">|", "<", ">"] as const;

/** Reads the redirections that follow, including `2>&1` and heredocs. */
export function readRedirections(reader: Reader): readonly Redirection[] {
  const redirections: Redirection[] = [];
  do skipBlanks(reader);
  while (readRedirection(reader, redirections));
  return redirections;
}

function readRedirection(reader: Reader, redirections: Redirection[]): boolean {
  const digits = /^\d+(?=[<>])/.exec(reader.text.slice(reader.at, reader.at + 4))?.[0] ?? "";
  const operator = operators.find((candidate) => reader.text.startsWith(candidate, reader.at + digits.length));
  if (operator === undefined) return false;
  reader.at += digits.length + operator.length;
  skipBlanks(reader);
  const target = readWord(reader);
  if (!target) {
    fail(reader, "a redirection has no file");
    return true;
  }
  const redirection = { operator, target, ...(digits !== "" && { descriptor: Number(digits) }) };
  redirections.push(redirection);
  if (operator === "<<" || operator === "<<-") announceHeredoc(reader, redirections, redirection);
  return true;
}

function announceHeredoc(reader: Reader, redirections: Redirection[], redirection: Redirection): void {
  const { parts } = redirection.target;
  const index = redirections.length - 1;
  reader.heredocs.push({
    delimiter: parts.map((part) => (part.kind === "text" ? part.value : "")).join(""),
    stripsTabs: redirection.operator === "<<-",
    isExpanded: !parts.some(({ isQuoted }) => isQuoted),
    fill: (body) => void (redirections[index] = { ...redirection, operator: "<<", target: body }),
  });
}
