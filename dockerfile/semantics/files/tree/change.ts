import {
  absent,
  listed,
  newFolder,
  partsOf,
  type FileNode,
  type FolderNode,
  type Layer,
  type Tree,
  type TreeNode,
} from "./tree.ts";

/**
 * The folder at a path without links, for changing it; missing folders are created, and may have content if their
 * parents might.
 */
export function folderToChange(tree: Tree, path: string): FolderNode {
  let folder = (tree.root = owned(tree.root, tree.layer));
  for (const name of partsOf(path)) {
    const node = folder.entries.get(name);
    const next =
      node?.kind === "directory"
        ? owned(node, tree.layer)
        : newFolder(tree.layer, node === undefined ? folder.gap : undefined);
    folder.entries.set(name, next);
    folder = next;
  }
  return folder;
}

/** True if a path without links can be a folder: nothing on it is a file, or a dangling link. */
export function canBeFolder({ root }: Tree, path: string): boolean {
  let folder: FolderNode | undefined = root;
  for (const name of partsOf(path)) {
    const node: TreeNode | undefined = folder?.entries.get(name);
    if (node?.kind === "file" || node?.kind === "symlink") return false;
    folder = node?.kind === "directory" ? node : undefined;
  }
  return true;
}

function owned(folder: FolderNode, layer: Layer): FolderNode {
  return folder.layer === layer ? folder : { ...folder, entries: new Map(folder.entries), layer };
}

/** Puts a node on a path without links, replacing any existing one. */
export function put(tree: Tree, path: string, node: TreeNode): void {
  const parts = partsOf(path);
  const name = parts.at(-1);
  if (name !== undefined) folderToChange(tree, parts.slice(0, -1).join("/")).entries.set(name, node);
}

/** Removes the node on a path without links; it is known to be missing from then on. */
export function remove(tree: Tree, path: string): void {
  const parts = partsOf(path);
  const name = parts.at(-1);
  if (name === undefined) return;
  const folder = folderToChange(tree, parts.slice(0, -1).join("/"));
  if (folder.gap === undefined) folder.entries.delete(name);
  else folder.entries.set(name, absent);
}

/** Forgets what was at a path and below before this layer; anything may be there from now on. */
export function forgetBelow(tree: Tree, path: string, gap: string): void {
  const folder = folderToChange(tree, path);
  const kept = keptOf(folder, tree.layer, gap);
  const parts = partsOf(path);
  if (parts.length === 0) tree.root = kept;
  else put(tree, path, kept);
}

function keptOf(folder: FolderNode, layer: Layer, gap: string): FolderNode {
  const entries = new Map<string, TreeNode>();
  for (const [name, node] of listed(folder)) {
    if (node.kind === "directory") {
      if (node.layer === layer) entries.set(name, keptOf(node, layer, gap));
    } else if (node.kind === "symlink" || node.layer === layer) entries.set(name, node);
  }
  return { ...newFolder(layer, gap), entries };
}

/** A copy that belongs to a layer. Names of one file within it stay names of one file. */
export function copyOf(
  node: Exclude<TreeNode, { kind: "absent" }>,
  layer: Layer,
  files: Map<FileNode, FileNode> = new Map(),
): Exclude<TreeNode, { kind: "absent" }> {
  switch (node.kind) {
    case "file": {
      const copy = files.get(node) ?? { ...node, layer };
      files.set(node, copy);
      return copy;
    }
    case "symlink":
      return { ...node, layer };
    case "directory": {
      const entries = new Map<string, TreeNode>();
      for (const [name, entry] of listed(node)) entries.set(name, copyOf(entry, layer, files));
      return { ...newFolder(layer, node.gap), entries };
    }
  }
}
