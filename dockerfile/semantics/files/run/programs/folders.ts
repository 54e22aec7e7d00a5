import { canBeFolder, folderToChange, put, remove } from "../../tree/change.ts";
import { listed, newFolder } from "../../tree/tree.ts";
import { find, isOutside, withoutSlash, type Machine } from "../machine.ts";
import { failure, success } from "../output.ts";
import { readOptions } from "./options.ts";
import type { Call, Program } from "./program.ts";

export const folderPrograms: readonly (readonly [string, Program])[] = [
  ["mkdir", makeFolders],
  ["rmdir", removeFolders],
];

function makeFolders({ words, unclear }: Call, machine: Machine) {
  const options = readOptions(words, {
    flags: "pvZ",
    valued: "m",
    long: { parents: "p", verbose: "v", mode: "m" },
  });
  if (!options) return { unfollowed: "an option of `mkdir` isn't known" };
  let result = options.operands.length === 0 ? failure : success;
  for (const path of options.operands) {
    // A folder with an unknown name isn't used later either.
    if (path !== unclear && !makeFolder(machine, path, options.flags.has("p") ? "parents" : "alone")) result = failure;
  }
  return result;
}

/** Creates a folder; false if that fails. */
export function makeFolder(machine: Machine, path: string, how: "parents" | "alone"): boolean {
  if (how === "alone") return makeOne(machine, path, how);
  const parts = withoutSlash(path).split("/");
  return parts.every((_, index) => makeOne(machine, parts.slice(0, index + 1).join("/") || "/", how));
}

function makeOne(machine: Machine, path: string, how: "parents" | "alone"): boolean {
  const found = find(machine, withoutSlash(path));
  if (isOutside(found.path)) return true;
  if (found.state === "found") return how === "parents" && found.node.kind === "directory";
  if (found.state === "nowhere" && how === "alone") return false;
  // A dangling link is an obstacle as well.
  const isLink = find(machine, withoutSlash(path), "kept").path !== found.path;
  if (isLink || !canBeFolder(machine.tree, found.path)) return false;
  if (how === "parents") folderToChange(machine.tree, found.path);
  // It didn't exist, or this would fail; so it is empty.
  else put(machine.tree, found.path, newFolder(machine.tree.layer));
  return true;
}

function removeFolders({ words }: Call, machine: Machine) {
  const options = readOptions(words, { flags: "pv", long: { parents: "p", "ignore-fail-on-non-empty": "i" } });
  if (!options || options.flags.has("p")) return { unfollowed: "an option of `rmdir` isn't followed" };
  let result = options.operands.length === 0 ? failure : success;
  for (const path of options.operands) {
    const found = find(machine, path, "kept");
    const isFull = found.state === "found" && (found.node.kind !== "directory" || [...listed(found.node)].length > 0);
    if (found.state === "unknown" || (found.state === "found" && !isFull)) remove(machine.tree, found.path);
    else result = failure;
  }
  return result;
}
