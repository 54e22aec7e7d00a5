/** Stands for one layer of an image: what bears it was written by one instruction. Compared by identity. */
export type Layer = object;

/** A file; the same object at all its names. */
export interface FileNode {
  readonly kind: "file";
  readonly bytes: number;
  readonly layer: Layer;
  /** Its content, if it is short and known. */
  readonly text?: string;
  /** Why `bytes` is not what it holds. */
  readonly unknown?: string;
}

export interface LinkNode {
  readonly kind: "symlink";
  readonly target: string;
  readonly layer: Layer;
}

export interface FolderNode {
  readonly kind: "directory";
  readonly entries: Map<string, TreeNode>;
  /** The layer that may change `entries`; another makes a copy first. */
  readonly layer: Layer;
  /** Why there may be more in it than is listed; absent if that is all. What is listed is there for certain. */
  readonly gap?: string;
  /** A mount of a RUN: nothing in it belongs to a layer. */
  readonly isMount?: true;
}

/** Known not to be there, in a folder that may have more than is listed. */
export interface AbsentNode {
  readonly kind: "absent";
}

export type TreeNode = FileNode | LinkNode | FolderNode | AbsentNode;

/** The file system of a stage while its instructions are followed. */
export interface Tree {
  root: FolderNode;
  /** Of the instruction that is followed. */
  layer: Layer;
}

export const absent: AbsentNode = { kind: "absent" };

/** An empty folder, or one of which nothing is known. */
export function newFolder(layer: Layer, gap?: string): FolderNode {
  return { kind: "directory", entries: new Map(), layer, ...(gap !== undefined && { gap }) };
}

/** A file system of which nothing is known if there is a `gap`, else an empty one. */
export function newTree(gap?: string): Tree {
  const layer = {};
  return { root: newFolder(layer, gap), layer };
}

/** The file system that a later stage or instruction changes; this one stays as it is. */
export function nextLayer({ root }: Tree): Tree {
  return { root, layer: {} };
}

/** The names in a path, `.` and `..` resolved. */
export function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** A folder's entry; undefined if it may be there or not. */
export function entryOf(folder: FolderNode, name: string): TreeNode | undefined {
  return folder.entries.get(name) ?? (folder.gap === undefined ? absent : undefined);
}

/** What is listed in a folder. */
export function* listed(folder: FolderNode): Iterable<readonly [string, Exclude<TreeNode, AbsentNode>]> {
  for (const [name, node] of folder.entries) if (node.kind !== "absent") yield [name, node];
}
