import type { ImageFile } from "../imageFile.ts";
import type { Placement } from "../placement.ts";
import { canBeFolder, folderToChange, put } from "./change.ts";
import { lookUp } from "./lookUp.ts";
import { listed, newFolder, type FileNode, type FolderNode, type Layer, type Tree, type TreeNode } from "./tree.ts";

/** Adds the files that an instruction copies to a file system. */
export function place(tree: Tree, placement: Placement): void {
  const { path: at } = lookUp(tree, placement.at);
  if (placement.isFolder && graft(tree, at, placement)) return;
  if (placement.isFolder) folderToChange(tree, at);
  const inodes = new Map<object, FileNode>();
  for (const [below, file] of placement.files()) {
    // Links in the destination folder are followed as well.
    const { path } = below === "" ? { path: at } : lookUp(tree, `${at}/${below}`, "kept");
    if (file.kind === "directory") addFolder(tree, path);
    else put(tree, path, nodeOf(tree.layer, file, inodes));
  }
}

/** Creates a folder and those above it, unless a file is in the way. */
export function addFolder(tree: Tree, path: string): void {
  const found = lookUp(tree, path);
  if (found.state !== "found" || found.node.kind === "directory") folderToChange(tree, found.path);
}

/**
 * Inserts a folder as a whole, if nothing is listed there yet: a large build context is converted to a tree once, not
 * on each keystroke.
 */
function graft(tree: Tree, at: string, placement: Placement): boolean {
  const there = lookUp(tree, at);
  if (!placement.remember || !canBeFolder(tree, at)) return false;
  const folder = there.state === "found" && there.node.kind === "directory" ? there.node : undefined;
  if (folder && (folder.isMount || [...listed(folder)].length > 0)) return false;
  const target = folderToChange(tree, at);
  const { gap } = target;
  const subtree = placement.remember(`tree ${gap ?? ""}`, () => treeOf(placement, gap));
  for (const [name, node] of subtree.entries) target.entries.set(name, node);
  return true;
}

/** The tree of a placement. For later instructions it belongs to an earlier layer, and its nodes can be shared. */
function treeOf(placement: Placement, gap: string | undefined): FolderNode {
  const layer = {};
  const root = newFolder(layer, gap);
  const folders = new Map<string, FolderNode>([["", root]]);
  const inodes = new Map<object, FileNode>();
  for (const [below, file] of placement.files()) {
    if (below === "") continue;
    const slash = below.lastIndexOf("/");
    const parent = folderAt(folders, below.slice(0, Math.max(0, slash)), layer, gap);
    if (file.kind === "directory") folderAt(folders, below, layer, gap);
    else parent.entries.set(below.slice(slash + 1), nodeOf(layer, file, inodes));
  }
  return root;
}

function folderAt(folders: Map<string, FolderNode>, path: string, layer: Layer, gap: string | undefined): FolderNode {
  const known = folders.get(path);
  if (known) return known;
  const slash = path.lastIndexOf("/");
  const made = newFolder(layer, gap);
  folders.set(path, made);
  folderAt(folders, path.slice(0, Math.max(0, slash)), layer, gap).entries.set(path.slice(slash + 1), made);
  return made;
}

function nodeOf(layer: Layer, file: ImageFile, inodes: Map<object, FileNode>): TreeNode {
  if (file.kind === "symlink") return { kind: "symlink", target: file.linkTarget ?? "", layer };
  const known = file.inode && inodes.get(file.inode);
  if (known) return known;
  const node: FileNode = {
    kind: "file",
    bytes: file.bytes,
    layer,
    ...(file.text !== undefined && { text: file.text }),
    ...(file.origin && { origin: file.origin }),
  };
  if (file.inode) inodes.set(file.inode, node);
  return node;
}
