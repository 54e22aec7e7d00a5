import { compileGoMatch } from "../../../../context/goMatch.ts";
import type { Statement, Word } from "../../../../shell/posix/statement.ts";
import { remove } from "../../tree/change.ts";
import { listed, type AbsentNode, type TreeNode } from "../../tree/tree.ts";
import { find, type Machine } from "../machine.ts";
import { failure, noOutput, success, unknownOutput, type Result } from "../output.ts";
import type { Call, Program, Unfollowed } from "./program.ts";

export const findPrograms: readonly (readonly [string, Program])[] = [["find", findFiles]];

type Present = Exclude<TreeNode, AbsentNode>;
type Test = (path: string, node: Present, depth: number) => boolean;

interface Search {
  readonly paths: readonly string[];
  readonly tests: readonly Test[];
  readonly action: Action;
}

type Action =
  | { readonly kind: "print" | "delete" }
  | { readonly kind: "run"; readonly words: readonly string[]; readonly isForAll: boolean };

/** Runs `find` with tests that must all be true, and one action on the matches. */
function findFiles(call: Call, machine: Machine) {
  const search = searchOf(call.words);
  if ("unfollowed" in search) return search;
  if (search.action.kind === "print") return { ...success, output: unknownOutput };
  const found: string[] = [];
  let result = success;
  for (const path of search.paths) {
    const start = find(machine, path, "kept");
    if (start.state === "unknown") return { unfollowed: start.reason };
    if (start.state !== "found") result = failure;
    const gap = start.state === "found" ? collect(search, { path, node: start.node, depth: 0 }, found) : undefined;
    // Other entries that `-delete` removes have 0 bytes.
    if (gap !== undefined && search.action.kind !== "delete") return { unfollowed: gap };
  }
  if (search.action.kind === "run") return runOn(machine, search.action, found) ?? result;
  for (const path of found) remove(machine.tree, find(machine, path, "kept").path);
  return result;
}

interface Place {
  readonly path: string;
  readonly node: Present;
  readonly depth: number;
}

/** Collects the deepest entries first, as `-delete` needs. Returns the reason why there may be more. */
function collect(search: Search, { path, node, depth }: Place, found: string[]): string | undefined {
  let gap = node.kind === "directory" ? node.gap : undefined;
  if (node.kind === "directory")
    for (const [name, entry] of [...listed(node)].sort(([a], [b]) => (a < b ? -1 : 1)))
      gap ??= collect(search, { path: `${path.replace(/\/$/, "")}/${name}`, node: entry, depth: depth + 1 }, found);
  if (search.tests.every((test) => test(path, node, depth))) found.push(path);
  return gap;
}

function searchOf(words: readonly string[]): Search | Unfollowed {
  const first = words.findIndex((word) => /^[-!(]/.test(word));
  const paths = first < 0 ? words : words.slice(0, first);
  const rest = first < 0 ? [] : [...words.slice(first)];
  const tests: Test[] = [];
  while (rest.length > 0) {
    const action = actionOf(rest);
    if (action) return rest.length === 0 ? { paths, tests, action } : unfollowed;
    const test = testOf(rest.shift() ?? "", rest);
    if (!test) return unfollowed;
    tests.push(test);
  }
  return { paths, tests, action: { kind: "print" } };
}

const unfollowed: Unfollowed = { unfollowed: "what `find` looks for isn't followed" };

/** Consumes the words of an action, if they are one. */
function actionOf(rest: string[]): Action | undefined {
  const [word] = rest;
  if (word === "-delete" || word === "-print") {
    rest.shift();
    return { kind: word === "-delete" ? "delete" : "print" };
  }
  if (word !== "-exec") return undefined;
  const end = rest.findIndex((next) => next === ";" || next === "+");
  if (end < 0) return undefined;
  const [, ...run] = rest.splice(0, end + 1);
  return { kind: "run", words: run.slice(0, -1), isForAll: run.at(-1) === "+" };
}

const kinds: ReadonlyMap<string, Present["kind"]> = new Map([
  ["f", "file"],
  ["d", "directory"],
  ["l", "symlink"],
]);

function testOf(name: string, rest: string[]): Test | undefined {
  if (name === "-depth" || name === "-xdev" || name === "-mount") return () => true;
  const value = rest.shift() ?? "";
  switch (name) {
    case "-type": {
      const kind = kinds.get(value);
      return kind && ((_, node) => node.kind === kind);
    }
    case "-name": {
      const glob = compileGoMatch(value.replace(/\[!/g, "[^"));
      return glob && ((path) => glob.test(path.slice(path.lastIndexOf("/") + 1)));
    }
    case "-mindepth":
      return (_path, _node, depth) => depth >= Number(value);
    case "-maxdepth":
      return (_path, _node, depth) => depth <= Number(value);
    default:
      return undefined;
  }
}

type Run = Extract<Action, { kind: "run" }>;

/** Runs the command; undefined if everything succeeds. */
function runOn(machine: Machine, { words, isForAll }: Run, found: readonly string[]): Result | Unfollowed | undefined {
  if (found.length > maxFound) return { unfollowed: "`find` finds more files than are followed" };
  const groups = isForAll ? (found.length > 0 ? [found] : []) : found.map((path) => [path]);
  for (const group of groups) {
    const expanded = words.flatMap((word) => (word === "{}" ? group : [word.replaceAll("{}", group[0] ?? "")]));
    const { status } = machine.execute(commandOf(expanded), machine, noOutput);
    if (isForAll && status !== 0) return { ...failure, status };
  }
  return undefined;
}

const maxFound = 20_000;

function commandOf(words: readonly string[]): Statement {
  const wordOf = (text: string): Word => ({ text, parts: [{ kind: "text", value: text, isQuoted: true }] });
  return { kind: "simple", assignments: [], words: words.map(wordOf), redirections: [] };
}
