import type { SimpleCommand, Statement, Word } from "../../../shell/posix/statement.ts";

/** Commands that change neither files nor the shell, whatever their words are. */
const harmless: ReadonlySet<string> = new Set([
  "true",
  ":",
  "echo",
  "printf",
  "test",
  "[",
  "false",
  "sleep",
  "id",
  "whoami",
  "pwd",
  "ls",
  "stat",
  "which",
  "type",
  "date",
  "uname",
  "arch",
  "nproc",
  "hostname",
  "printenv",
  "grep",
  "egrep",
  "fgrep",
  "wc",
  "cut",
  "head",
  "tail",
  "tr",
  "awk",
  "basename",
  "dirname",
  "readlink",
  "realpath",
  "cat",
  "du",
  "df",
  "diff",
  "cmp",
  "md5sum",
  "sha1sum",
  "sha256sum",
  "sha512sum",
  "getent",
  "ldd",
  "free",
  "getconf",
  "locale",
  "seq",
  "expr",
]);

/**
 * True if a program with this name never changes files. `awk` and `sed` may, depending on their arguments, which is
 * rare for `awk`.
 */
export function changesNothing(program: string): boolean {
  return harmless.has(program);
}

/** True if a statement, if it runs, changes no file and decides nothing. */
export function isHarmless(statement: Statement): boolean {
  if (statement.kind === "simple") return isHarmlessCommand(statement);
  if ((statement.kind === "group" || statement.kind === "subshell") && !statement.redirections.every(isToNothing))
    return false;
  return partsOf(statement).every(isHarmless);
}

function isHarmlessCommand({ assignments, redirections, words }: SimpleCommand): boolean {
  if (assignments.length > 0 || !redirections.every(isToNothing)) return false;
  const [name, ...more] = words.map(plainText);
  // An exit with an error ends the build; one without skips the rest.
  if (name === "exit") return more.length === 1 && /^[1-9]\d*$/.test(more[0] ?? "");
  return words.every(isPlain) && harmless.has(name ?? "");
}

function partsOf(statement: Exclude<Statement, SimpleCommand>): readonly Statement[] {
  switch (statement.kind) {
    case "sequence":
      return statement.statements;
    case "pipeline":
      return statement.commands;
    case "andOr":
      return [statement.first, ...statement.rest.map((next) => next.statement)];
    case "group":
    case "subshell":
    case "for":
      return [statement.body];
    case "if":
      return [
        ...statement.branches.flatMap(({ condition, body }) => [condition, body]),
        ...(statement.otherwise ? [statement.otherwise] : []),
      ];
    case "undecided":
      return statement.inside;
  }
}

function isToNothing({ operator, target }: { readonly operator: string; readonly target: Word }): boolean {
  return operator.startsWith("<") || operator === ">&" || plainText(target) === "/dev/null";
}

/** True without substitutions, which run commands of their own. */
function isPlain({ parts }: Word): boolean {
  return parts.every((part) => part.kind !== "substitution" || isHarmless(part.body));
}

function plainText(word: Word | undefined): string {
  return word?.parts.map((part) => (part.kind === "text" ? part.value : "$")).join("") ?? "";
}
