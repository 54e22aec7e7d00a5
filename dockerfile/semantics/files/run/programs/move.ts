import { copyOf, put, remove } from "../../tree/change.ts";
import { listed, type AbsentNode, type Layer, type TreeNode } from "../../tree/tree.ts";
import { gapIn } from "../../tree/gapIn.ts";
import { find, isOutside, withoutSlash, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import { whyPartial } from "./attributes.ts";
import { readOptions } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";
import { targetsOf } from "./targets.ts";

export const movePrograms: readonly (readonly [string, Program])[] = [["mv", move]];

function move(call: Call, machine: Machine) {
  const options = readOptions(call.words, {
    flags: "fvT",
    valued: "t",
    long: { force: "f", verbose: "v", "target-directory": "t", "no-target-directory": "T" },
  });
  if (!options) return { unfollowed: "an option of `mv` isn't followed" };
  if (call.isPartial) return { unfollowed: whyPartial(machine, call) };
  const targets = targetsOf(machine, options, options.flags.has("T"));
  if ("unfollowed" in targets) return targets;
  if (targets.pairs.length === 0) return failure;
  let result = success;
  for (const { source, path } of targets.pairs) {
    const moved = moveOne(machine, source, path);
    if ("unfollowed" in moved) return moved;
    if (moved !== success) result = moved;
  }
  return result;
}

/** Moves a file. overlay2 can't move one from a lower layer: it is copied into this one. */
function moveOne(machine: Machine, source: string, path: string): Result | Unfollowed {
  const { tree } = machine;
  const from = find(machine, source, "kept");
  if (from.state === "unknown") return { unfollowed: from.reason };
  if (from.state !== "found") return failure;
  const to = find(machine, from.node.kind === "directory" ? withoutSlash(path) : path, "kept");
  if (to.state === "nowhere" || isOutside(to.path) || `${to.path}/`.startsWith(`${from.path}/`)) return failure;
  if (to.state === "found" && !canReplace(to.node, from.node)) return failure;
  const node = isOwn(from.node, tree.layer) ? from.node : copyOf(from.node, tree.layer);
  if (node.kind === "directory") machine.gap ??= gapIn(node);
  remove(tree, from.path);
  put(tree, to.path, node);
  return success;
}

type Present = Exclude<TreeNode, AbsentNode>;

/**
 * True if a node can replace another: a folder only an empty folder, a file only a file, except another name of itself.
 */
function canReplace(there: Present, node: Present): boolean {
  if (there.kind === "directory") return node.kind === "directory" && [...listed(there)].length === 0;
  return node.kind !== "directory" && there !== node;
}

function isOwn(node: Present, layer: Layer): boolean {
  if (node.layer !== layer) return false;
  return node.kind !== "directory" || [...listed(node)].every(([, entry]) => isOwn(entry, layer));
}
