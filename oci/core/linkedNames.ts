import type { LayerEntry } from "./entry.ts";
import { walkTree, type TreeNode } from "./layerTree.ts";

export type Side = "before" | "after";

/** Which names are one file on each side of a comparison, whatever the order in which a tar wrote them. */
export interface NameGroups {
  /** What a path is another name of: of the names of the file that it shows, the first that both sides have, else the first at all; undefined where that is the path itself. */
  linkOf(node: TreeNode, side: Side): string | undefined;
  /** The bytes that a path counts for: a file's size at its first name, 0 at the others. */
  bytesOf(node: TreeNode | undefined, side: Side): number;
}

export function createLinkedNames(before: TreeNode, after: TreeNode): NameGroups {
  const names = { before: namesOf(before), after: namesOf(after) };
  const first = { before: firstNames(names.before, after), after: firstNames(names.after, before) };
  const firstName = (node: TreeNode, side: Side): string | undefined => {
    const shown = node.linked ?? node.entry;
    return shown && first[side].get(shown);
  };
  return {
    linkOf: (node, side) => {
      const name = firstName(node, side);
      return name === node.path ? undefined : name;
    },
    bytesOf: (node, side) => {
      if (!node?.entry) return 0;
      const name = firstName(node, side);
      if (name === undefined) return node.entry.size;
      return name === node.path ? (node.linked ?? node.entry).size : 0;
    },
  };
}

/** The names of each file that has several, in path order. */
function namesOf(root: TreeNode): ReadonlyMap<LayerEntry, readonly string[]> {
  const names = new Map<LayerEntry, string[]>();
  for (const { linked } of walkTree(root)) if (linked) names.set(linked, []);
  if (names.size === 0) return names;
  for (const { entry, linked, path } of walkTree(root)) {
    const shown = linked ?? entry;
    if (shown) names.get(shown)?.push(path);
  }
  return names;
}

function firstNames(
  names: ReadonlyMap<LayerEntry, readonly string[]>,
  other: TreeNode,
): ReadonlyMap<LayerEntry, string> {
  const first = new Map<LayerEntry, string>();
  for (const [file, paths] of names) {
    const [one = ""] = paths;
    if (paths.length > 1) first.set(file, paths.find((path) => findEntry(other, path)) ?? one);
  }
  return first;
}

function findEntry(root: TreeNode, path: string): LayerEntry | undefined {
  let node: TreeNode | undefined = root;
  for (const name of path.split("/")) node = node?.children.get(name);
  return node?.entry;
}
