import { put } from "../../tree/change.ts";
import type { TreeNode } from "../../tree/tree.ts";
import { find, isOutside, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import { readOptions } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";
import { targetsOf } from "./targets.ts";

export const linkPrograms: readonly (readonly [string, Program])[] = [["ln", link]];

function link(call: Call, machine: Machine) {
  const options = readOptions(call.words, {
    flags: "sfnrvTLPi",
    valued: "t",
    long: {
      symbolic: "s",
      force: "f",
      "no-dereference": "n",
      relative: "r",
      verbose: "v",
      "no-target-directory": "T",
      "target-directory": "t",
    },
  });
  if (!options) return { unfollowed: "an option of `ln` isn't known" };
  const { operands, flags } = options;
  const sources = operands.length === 1 ? [...operands, "."] : operands;
  const isPath = flags.has("T") || (flags.has("s") && sources.length === 2 && mayBeAnything(machine, sources));
  const targets = targetsOf(machine, { ...options, operands: sources }, isPath);
  if ("unfollowed" in targets) return targets;
  if (targets.pairs.length === 0) return failure;
  let result = success;
  for (const { source, path } of targets.pairs) {
    const made = flags.has("s")
      ? makeSymlink(machine, source, path, flags)
      : makeHardLink(machine, source, path, flags);
    if ("unfollowed" in made) return made;
    if (made !== success) result = made;
  }
  return result;
}

/** Creates an unknown link: 0 bytes, whether at a path or inside a folder that may be there. */
function mayBeAnything(machine: Machine, [, path = "."]: readonly string[]): boolean {
  return find(machine, path).state === "unknown";
}

type Flags = ReadonlySet<string>;

function makeSymlink(machine: Machine, source: string, path: string, flags: Flags): Result {
  const found = find(machine, path, "kept");
  if (isOutside(found.path)) return success;
  if (found.state === "nowhere" || (found.state === "found" && !isReplaced(found.node, flags))) return failure;
  const target = find(machine, source);
  if (found.state === "found" && target.state === "found" && target.path === found.path) return failure;
  const { layer } = machine.tree;
  put(machine.tree, found.path, { kind: "symlink", target: flags.has("r") ? "" : source, layer });
  return success;
}

function isReplaced(node: TreeNode, flags: Flags): boolean {
  return flags.has("f") && node.kind !== "directory";
}

/** Creates a hard link; a file of a lower layer is copied up first. */
function makeHardLink(machine: Machine, source: string, path: string, flags: Flags): Result | Unfollowed {
  const file = find(machine, source, flags.has("L") ? "followed" : "kept");
  const found = find(machine, path, "kept");
  if (file.state === "unknown") return { unfollowed: file.reason };
  if (file.state !== "found" || file.node.kind === "directory" || found.state === "nowhere") return failure;
  if (found.state === "found" && (!isReplaced(found.node, flags) || found.node === file.node)) return failure;
  const { layer } = machine.tree;
  const own = file.node.layer === layer ? file.node : { ...file.node, layer };
  put(machine.tree, file.path, own);
  put(machine.tree, found.path, own);
  return success;
}
