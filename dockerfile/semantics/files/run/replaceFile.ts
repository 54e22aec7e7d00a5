import { put } from "../tree/change.ts";
import { listed, type FileNode, type FolderNode, type Tree } from "../tree/tree.ts";

/** Changes a file: at all its names if it is of this layer; a file of a lower layer is copied up for the one name that is touched, which parts it from the others. */
export function replaceFile(tree: Tree, path: string, before: FileNode, after: FileNode): void {
  put(tree, path, after);
  if (before.layer === tree.layer) replaceNames(tree.root, before, after);
}

/** The copy that a change of owner, mode or times makes of a file of a lower layer. */
export function copyUp(tree: Tree, path: string, file: FileNode): void {
  if (file.layer !== tree.layer) put(tree, path, { ...file, layer: tree.layer });
}

/** Only folders of this layer can have a file of this layer. */
function replaceNames(folder: FolderNode, before: FileNode, after: FileNode): void {
  for (const [name, node] of listed(folder)) {
    if (node === before) folder.entries.set(name, after);
    else if (node.kind === "directory" && node.layer === after.layer) replaceNames(node, before, after);
  }
}
