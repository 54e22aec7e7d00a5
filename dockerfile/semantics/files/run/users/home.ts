import { copyOf, folderToChange, put } from "../../tree/change.ts";
import { find, type Machine } from "../machine.ts";
import { success, type Result } from "../output.ts";
import type { Unfollowed } from "../programs/program.ts";

/** Creates a user's home as a copy of the skeleton, unless the home exists. */
export function createHome(machine: Machine, path: string, skeletonPath: string): Result | Unfollowed {
  const home = find(machine, path);
  if (home.state === "found") return success;
  if (home.state === "unknown") return { unfollowed: home.reason };
  folderToChange(machine.tree, home.path);
  const skeleton = find(machine, skeletonPath);
  if (skeleton.state === "unknown") return { unfollowed: skeleton.reason };
  if (skeleton.state === "found" && skeleton.node.kind === "directory") {
    if (skeleton.node.gap !== undefined) return { unfollowed: skeleton.node.gap };
    put(machine.tree, home.path, copyOf(skeleton.node, machine.tree.layer));
  }
  return success;
}
