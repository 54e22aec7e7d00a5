import type { TreeNode } from "../core/layerTree.ts";

/**
 * The result of following a path in a file system. "missing" has the part of the path that doesn't exist; "loop" means
 * too many links.
 */
export type ResolvedPath =
  | { readonly kind: "found"; readonly node: TreeNode }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "loop" };

const maxLinkHops = 40; // The limit of Linux.

/**
 * Follows a path in a file system with all its symlinks, including the last. It can't lead out: `..` stops at the root,
 * and absolute targets begin there.
 */
export function resolvePath(root: TreeNode, path: string): ResolvedPath {
  const open = namesOf(path);
  let way: readonly TreeNode[] = [];
  let hops = 0;
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const at = way.at(-1) ?? root;
    if (name === "..") {
      way = way.slice(0, -1);
      continue;
    }
    const node = at.children.get(name);
    if (!node) return { kind: "missing", path: at.path === "" ? name : `${at.path}/${name}` };
    if (node.entry?.kind !== "symlink") {
      way = [...way, node];
      continue;
    }
    if (++hops > maxLinkHops) return { kind: "loop" };
    const target = node.entry.linkTarget ?? "";
    if (target.startsWith("/")) way = [];
    open.push(...namesOf(target));
  }
  return { kind: "found", node: way.at(-1) ?? root };
}

/** The names of a path, last first. */
function namesOf(path: string): string[] {
  return path
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .reverse();
}
