import type { TreeNode } from "./layerTree.ts";

/** What a path leads to in a file system: "missing" is the part of it that isn't there; "loop" is too many links on the way. */
export type ResolvedPath =
  | { readonly kind: "found"; readonly node: TreeNode }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "loop" };

const maxLinkHops = 40; // As Linux.

/** Follows a path in a file system with all symlinks on it, the last one too; nothing leads out: `..` stops at the root, and absolute targets begin there. */
export function resolvePath(root: TreeNode, path: string): ResolvedPath {
  const open = path.split("/").reverse();
  let way: TreeNode[] = [root];
  let hops = 0;
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (way.length > 1) way.pop();
      continue;
    }
    const node: TreeNode | undefined = way.at(-1)?.children.get(name);
    if (!node) return { kind: "missing", path: [way.at(-1)?.path, name].filter((part) => part).join("/") };
    if (node.entry?.kind !== "symlink") {
      way.push(node);
      continue;
    }
    if (++hops > maxLinkHops) return { kind: "loop" };
    const target = node.entry.linkTarget ?? "";
    if (target.startsWith("/")) way = [root];
    open.push(...target.split("/").reverse());
  }
  return { kind: "found", node: way.at(-1) ?? root };
}
