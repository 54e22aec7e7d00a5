import { put } from "../tree/change.ts";
import { listed, type FileNode, type FolderNode, type Tree } from "../tree/tree.ts";

/**
 * Changes a file: at all its names if it is in this layer; a file of a lower layer is copied up for the touched name
 * only, which separates it from the others.
 */
export function replaceFile(tree: Tree, path: string, before: FileNode, after: FileNode): void {
  put(tree, path, after);
  if (before.layer === tree.layer) replaceNames(tree.root, before, after);
}

/** Copies up a file of a lower layer, as a change of owner, mode or times does. */
export function copyUp(tree: Tree, path: string, file: FileNode): void {
  if (file.layer !== tree.layer) put(tree, path, { ...file, layer: tree.layer });
}

/** Replaces the file's names. Only folders of this layer can contain a file of this layer. */
function replaceNames(folder: FolderNode, before: FileNode, after: FileNode): void {
  for (const [name, node] of listed(folder)) {
    if (node === before) folder.entries.set(name, after);
    else if (node.kind === "directory" && node.layer === after.layer) replaceNames(node, before, after);
  }
}
