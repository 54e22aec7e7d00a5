import { canBeFolder, folderToChange, remove } from "../../tree/change.ts";
import { find, isOutside, type Machine } from "../machine.ts";
import { failure, success } from "../output.ts";
import { readOptions } from "./options.ts";
import type { Call, Program } from "./program.ts";

export const removalPrograms: readonly (readonly [string, Program])[] = [
  ["rm", removeFiles],
  ["unlink", removeFiles],
];

function removeFiles({ words, noted }: Call, machine: Machine) {
  const options = readOptions(words, {
    flags: "rRfvdI",
    long: {
      recursive: "r",
      force: "f",
      verbose: "v",
      dir: "d",
      "one-file-system": "o",
      "no-preserve-root": "n",
      "preserve-root": "n",
    },
  });
  if (!options) return { unfollowed: "an option of `rm` isn't known" };
  const isRecursive = options.flags.has("r") || options.flags.has("R");
  const isForced = options.flags.has("f");
  for (const path of noted) if (!words.includes(path)) changeFolderOf(machine, path);
  const isDone = options.operands.map((path) => removeOne(machine, path, isRecursive) ?? isForced);
  return (isDone.length > 0 || isForced) && isDone.every(Boolean) ? success : failure;
}

/** Takes the folder of a pattern whose matches aren't all known into the layer: they are marked as removed in it. */
function changeFolderOf(machine: Machine, pattern: string): void {
  const start = pattern.slice(0, pattern.search(/[*?[]/));
  const { path } = find(machine, start.slice(0, start.lastIndexOf("/") + 1));
  if (pattern.startsWith("/") && canBeFolder(machine.tree, path)) folderToChange(machine.tree, path);
}

/** Removes a path. True if it is gone, undefined if it didn't exist. */
function removeOne(machine: Machine, path: string, isRecursive: boolean): boolean | undefined {
  const found = find(machine, path, "kept");
  if (isOutside(found.path)) return true;
  if (found.state !== "found" && found.state !== "unknown") return undefined;
  if (found.state === "found" && found.node.kind === "directory" && !isRecursive) return false;
  remove(machine.tree, found.path);
  return true;
}
