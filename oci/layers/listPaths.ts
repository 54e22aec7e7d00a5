import { walkTree, type TreeNode } from "../core/layerTree.ts";
import type { ListedPath } from "../source/source.ts";

/** Lists every path of a file system except devices, a folder before its content; undefined beyond `maxPaths`. */
export function listPaths(root: TreeNode, maxPaths: number): readonly ListedPath[] | undefined {
  const listed: ListedPath[] = [];
  for (const node of walkTree(root)) {
    if (node.path === "") continue;
    if (listed.length >= maxPaths) return undefined;
    const path = listedPath(node);
    if (path) listed.push(path);
  }
  return listed;
}

function listedPath({ path, entry, linked, carrier }: TreeNode): ListedPath | undefined {
  const file = linked ?? entry;
  switch (file?.kind) {
    case undefined:
    case "directory":
      return { path, kind: "directory", bytes: 0 };
    case "symlink":
      return { path, kind: "symlink", bytes: 0, linkTarget: file.linkTarget ?? "" };
    case "file":
      return {
        path,
        kind: "file",
        bytes: file.size,
        ...(carrier && { inode: `${carrier.layerIndex}:${carrier.row}` }),
      };
    default:
      return undefined;
  }
}
