import type { ImageFile } from "../imageFile.ts";
import { entryOf, listed, type FileNode, type FolderNode, type Layer, type Tree, type TreeNode } from "./tree.ts";

/** The paths of a layer: what was written, and the folders that were changed for it. */
export interface LayerFiles {
  readonly all: ReadonlyMap<string, ImageFile>;
  /** Without files that were there before with the same number of bytes, which a store may leave out. */
  readonly changed: ReadonlyMap<string, ImageFile>;
}

/** Lists a layer; undefined if it has more than `maxPaths`. `before` is the file system below it. */
export function layerFiles({ root, layer }: Tree, before: FolderNode, maxPaths: number): LayerFiles | undefined {
  const list: List = { layer, all: new Map(), changed: new Map(), inodes: new Map(), maxPaths };
  add(list, "", root, before);
  return list.all.size > maxPaths ? undefined : list;
}

interface List extends LayerFiles {
  readonly layer: Layer;
  readonly all: Map<string, ImageFile>;
  readonly changed: Map<string, ImageFile>;
  readonly inodes: Map<FileNode, object>;
  readonly maxPaths: number;
}

function add(list: List, path: string, folder: FolderNode, before: TreeNode | undefined): void {
  if (folder.layer !== list.layer || folder.isMount || list.all.size > list.maxPaths) return;
  if (path !== "") put(list, path, { kind: "directory", bytes: 0 }, true);
  for (const [name, node] of listed(folder)) {
    const earlier = before?.kind === "directory" ? entryOf(before, name) : undefined;
    const below = `${path}/${name}`;
    if (node.kind === "directory") add(list, below, node, earlier);
    else if (node.layer === list.layer) put(list, below, fileOf(list, node), !isSame(node, earlier));
  }
}

function put({ all, changed }: List, path: string, file: ImageFile, isChanged: boolean): void {
  all.set(path, file);
  if (isChanged) changed.set(path, file);
}

function fileOf({ inodes }: List, node: Exclude<TreeNode, FolderNode | { kind: "absent" }>): ImageFile {
  if (node.kind === "symlink") return { kind: "symlink", bytes: 0, linkTarget: node.target };
  const inode = inodes.get(node) ?? {};
  inodes.set(node, inode);
  return { kind: "file", bytes: node.bytes, inode };
}

function isSame(node: TreeNode, earlier: TreeNode | undefined): boolean {
  if (node.kind === "symlink") return earlier?.kind === "symlink" && earlier.target === node.target;
  return node.kind === "file" && earlier?.kind === "file" && earlier.bytes === node.bytes;
}
