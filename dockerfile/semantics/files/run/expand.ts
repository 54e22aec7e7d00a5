import { compileGoMatch } from "../../../context/goMatch.ts";
import type { Fallback, Statement, Word, WordPart } from "../../../shell/posix/statement.ts";
import { lookUp } from "../tree/lookUp.ts";
import { listed, type FolderNode } from "../tree/tree.ts";
import { absoluteIn, inSubshell, type Machine } from "./machine.ts";
import { noOutput } from "./output.ts";

/** The fields that result from a word. */
export interface Fields {
  readonly fields: readonly string[];
  /**
   * Set if a pattern was matched in a folder that may contain more than is listed: the fields with patterns instead of
   * matches.
   */
  readonly unmatched?: readonly string[];
}

/** A word whose value is known only during the build. */
export interface Unclear {
  readonly unclear: string;
}

/** A field with its quoted characters escaped, to distinguish them from patterns. */
interface Field {
  text: string;
  pattern: string;
}

/** Expands a word of a command: variables, substitutions, fields, patterns. @see POSIX XCU 2.6 */
export function expandWord(machine: Machine, word: Word): Fields | Unclear {
  const fields: Field[] = [];
  let current: Field | undefined;
  for (const part of withHome(machine, word.parts)) {
    const value = valueOf(machine, part);
    if (value === undefined) return { unclear: word.text };
    if (part.kind === "text" || part.isQuoted) current = appended(current, value, part.isQuoted);
    else current = appendSplit(fields, current, value);
  }
  if (current) fields.push(current);
  return matched(machine, fields);
}

/** Expands a text that isn't split and has no patterns: an assignment, the target of a redirection, a heredoc. */
export function expandText(machine: Machine, word: Word): string | undefined {
  const values = withHome(machine, word.parts).map((part) => valueOf(machine, part));
  return values.some((value) => value === undefined) ? undefined : values.join("");
}

/** The value of a variable: "" if unset, undefined if unknown. */
export function variableOf({ shell }: Machine, name: string): string | undefined {
  if (shell.variables.has(name)) return shell.variables.get(name);
  const outer = shell.outer(name);
  return outer ? outer.value : "";
}

/** Adds a value that is split at blanks; returns the field that continues. */
function appendSplit(fields: Field[], current: Field | undefined, value: string): Field | undefined {
  const [first = "", ...more] = value.split(/[ \t\n]+/);
  let last = first === "" ? current : appended(current, first, false);
  for (const next of more) {
    if (last) fields.push(last);
    last = next === "" ? undefined : appended(undefined, next, false);
  }
  return last;
}

function appended(field: Field | undefined, value: string, isQuoted: boolean): Field {
  const before = field ?? { text: "", pattern: "" };
  const pattern = isQuoted ? value.replace(/[\\*?[\]]/g, "\\$&") : value;
  return { text: before.text + value, pattern: before.pattern + pattern };
}

/** Expands `~` and `~/x` to the user's home folder. */
function withHome(machine: Machine, parts: readonly WordPart[]): readonly WordPart[] {
  const [first, ...rest] = parts;
  if (first?.kind !== "text" || first.isQuoted || !first.value.startsWith("~")) return parts;
  const home = variableOf(machine, "HOME");
  const isOwn = first.value === "~" || first.value.startsWith("~/");
  if (!isOwn || home === undefined) return [{ kind: "unread", isQuoted: false }, ...rest];
  return [{ kind: "text", value: home, isQuoted: true }, { ...first, value: first.value.slice(1) }, ...rest];
}

function valueOf(machine: Machine, part: WordPart): string | undefined {
  switch (part.kind) {
    case "text":
      return part.value;
    case "unread":
      return undefined;
    case "variable":
      return part.fallback
        ? withFallback(machine, variableWithState(machine, part.name), part.fallback)
        : variableOf(machine, part.name);
    case "substitution":
      return outputOf(machine, part.body);
  }
}

/** The result of a substitution. */
function outputOf(machine: Machine, body: Statement): string | undefined {
  const { output } = inSubshell(machine, (inner) => {
    inner.shell.mustSucceed = false;
    return inner.execute(body, inner, noOutput);
  });
  return output.text?.replace(/\n+$/, "");
}

interface VariableState {
  readonly isSet: boolean;
  readonly value: string | undefined;
}

function variableWithState(machine: Machine, name: string): VariableState {
  const isSet = machine.shell.variables.has(name) || machine.shell.outer(name) !== undefined;
  return { isSet, value: variableOf(machine, name) };
}

function withFallback(
  machine: Machine,
  { isSet, value }: VariableState,
  { operator, isForEmpty, word }: Fallback,
): string | undefined {
  if (value === undefined) return undefined;
  const isMissing = !isSet || (isForEmpty && value === "");
  if (operator === "+") return isMissing ? "" : expandText(machine, word);
  return isMissing ? expandText(machine, word) : value;
}

function matched(machine: Machine, fields: readonly Field[]): Fields | Unclear {
  const found: string[] = [];
  let isPartial = false;
  for (const { text, pattern } of fields) {
    if (!isPattern(pattern)) {
      found.push(text);
      continue;
    }
    const matches = matchesOf(machine, pattern);
    if (!matches) return { unclear: text };
    isPartial ||= matches.isPartial;
    found.push(...(matches.paths.length === 0 && !matches.isPartial ? [text] : matches.paths));
  }
  return { fields: found, ...(isPartial && { unmatched: fields.map(({ text }) => text) }) };
}

/** True for a pattern; an opening bracket alone isn't one. */
function isPattern(text: string): boolean {
  return /(?<!\\)(?:[*?]|\[[^\]]+\])/.test(text);
}

interface Matches {
  readonly paths: readonly string[];
  readonly isPartial: boolean;
}

/** The paths that match a pattern, in the same form: relative if the pattern is. */
function matchesOf(machine: Machine, pattern: string): Matches | undefined {
  let paths = [pattern.startsWith("/") ? "/" : ""];
  let isPartial = false;
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    const next: string[] = [];
    for (const path of paths) {
      const step = matchPart(machine, path, part);
      if (!step) return undefined;
      isPartial ||= step.isPartial;
      next.push(...step.paths);
    }
    paths = next;
  }
  return { paths, isPartial };
}

function matchPart(machine: Machine, path: string, part: string): Matches | undefined {
  const plain = part.replace(/\\(.)/g, "$1");
  const absolute = absoluteIn(machine, path === "" ? "." : path);
  if (absolute === undefined) return undefined;
  const found = lookUp(machine.tree, absolute);
  if (found.state === "unknown") return { paths: [], isPartial: true };
  if (found.state !== "found" || found.node.kind !== "directory") return { paths: [], isPartial: false };
  const folder = found.node;
  const names = isPattern(part) ? namesIn(folder, part) : [plain].filter((name) => hasName(folder, name));
  if (!names) return undefined;
  return { paths: names.map((name) => joined(path, name)), isPartial: folder.gap !== undefined };
}

function hasName(folder: FolderNode, name: string): boolean {
  const entry = folder.entries.get(name);
  return name === "." || name === ".." || (entry !== undefined && entry.kind !== "absent");
}

/** The matching names. Names with a leading dot match only patterns with a leading dot. */
function namesIn(folder: FolderNode, pattern: string): readonly string[] | undefined {
  const glob = compileGoMatch(pattern.replace(/\[!/g, "[^"));
  if (!glob) return undefined;
  return [...listed(folder)]
    .map(([name]) => name)
    .filter((name) => glob.test(name) && (!name.startsWith(".") || pattern.startsWith(".")))
    .sort();
}

function joined(path: string, name: string): string {
  return path === "" || path.endsWith("/") ? `${path}${name}` : `${path}/${name}`;
}
