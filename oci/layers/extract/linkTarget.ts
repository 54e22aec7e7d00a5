import { findNode, type TreeNode } from "../../core/layerTree.ts";
import { resolvePath } from "../resolvePath.ts";

/**
 * A symlink's target, relative to the link's folder, if it is at or below `top`; otherwise undefined. Folders in the
 * target are resolved in the image, where an absolute target begins at the image's root, so that the written link can't
 * lead out through another one.
 */
export function linkTarget(root: TreeNode, top: TreeNode, link: TreeNode): string | undefined {
  // A link extracted on its own has no files next to it.
  if (link === top) return undefined;
  const folder = link.path.slice(0, Math.max(link.path.lastIndexOf("/"), 0));
  const target = leadsTo(root, folder, link.entry?.linkTarget ?? "");
  if (target === undefined || !isAtOrBelow(top.path, target) || !findNode(root, target)) return undefined;
  return relative(folder, target);
}

/** The path that a target names, with its folders resolved; a link at its end isn't followed. */
function leadsTo(root: TreeNode, folder: string, target: string): string | undefined {
  const names = target.split("/").filter((name) => name !== "" && name !== ".");
  const last = names.at(-1);
  const start = target.startsWith("/") ? "" : folder;
  // `..` at the end leaves the folder that the rest leads to.
  const isStep = last === undefined || last === "..";
  const found = resolvePath(root, [start, ...(isStep ? names : names.slice(0, -1))].join("/"));
  if (found.kind !== "found") return undefined;
  return isStep ? found.node.path : join(found.node.path, last);
}

function isAtOrBelow(folder: string, path: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function relative(folder: string, target: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = target === "" ? [] : target.split("/");
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const way = [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
  return way === "" ? "." : way;
}
