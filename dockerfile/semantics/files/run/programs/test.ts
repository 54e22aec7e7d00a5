import type { AbsentNode, TreeNode } from "../../tree/tree.ts";
import { find, type Machine } from "../machine.ts";
import { failure, success, unknownOutput, type Result } from "../output.ts";
import type { Call, Program } from "./program.ts";

/** `test` and `[`. @see POSIX XCU test */
export const testPrograms: readonly (readonly [string, Program])[] = [
  ["test", (call, machine) => resultOf(evaluate(machine, call, call.words))],
  ["[", (call, machine) => resultOf(evaluate(machine, call, call.words.slice(0, -1)))],
];

function resultOf(isTrue: boolean | undefined): Result {
  return isTrue === undefined ? { status: "unknown", output: unknownOutput } : isTrue ? success : failure;
}

/** Evaluates a test; undefined if unknown. */
function evaluate(machine: Machine, call: Call, words: readonly string[]): boolean | undefined {
  if (call.unclear !== undefined || call.isPartial) return undefined;
  const [first = "", second = "", third = ""] = words;
  if (words.length > 1 && words.length < 5 && first === "!") return negated(evaluate(machine, call, words.slice(1)));
  if (words.length < 2) return first !== "";
  if (words.length === 2) return unary(machine, first, second);
  return words.length === 3 ? binary(first, second, third) : undefined;
}

function negated(isTrue: boolean | undefined): boolean | undefined {
  return isTrue === undefined ? undefined : !isTrue;
}

function binary(left: string, operator: string, right: string): boolean | undefined {
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "-eq":
      return Number(left) === Number(right);
    case "-ne":
      return Number(left) !== Number(right);
    case "-gt":
      return Number(left) > Number(right);
    case "-ge":
      return Number(left) >= Number(right);
    case "-lt":
      return Number(left) < Number(right);
    case "-le":
      return Number(left) <= Number(right);
    default:
      return undefined;
  }
}

function unary(machine: Machine, operator: string, value: string): boolean | undefined {
  if (operator === "-n") return value !== "";
  if (operator === "-z") return value === "";
  const isTrue = fileTests.get(operator);
  if (!isTrue) return undefined;
  const found = find(machine, value, operator === "-h" || operator === "-L" ? "kept" : "followed");
  if (found.state === "unknown") return undefined;
  return found.state === "found" && isTrue(found.node);
}

type FileTest = (node: Exclude<TreeNode, AbsentNode>) => boolean | undefined;

const isLink: FileTest = ({ kind }) => kind === "symlink";
/** Modes aren't tracked; root may do anything with a folder. */
const isAllowed: FileTest = ({ kind }) => (kind === "directory" ? true : undefined);

const fileTests: ReadonlyMap<string, FileTest> = new Map<string, FileTest>([
  ["-d", ({ kind }) => kind === "directory"],
  ["-f", ({ kind }) => kind === "file"],
  ["-e", () => true],
  ["-s", (node) => (node.kind === "file" && node.unknown === undefined ? node.bytes > 0 : undefined)],
  ["-h", isLink],
  ["-L", isLink],
  ["-r", isAllowed],
  ["-w", isAllowed],
  ["-x", isAllowed],
]);
