import type { ContentOrigin } from "../imageFile.ts";

/** Represents one layer of an image: nodes with the same one were written by one instruction. Compared by identity. */
export type Layer = object;

/** A file; the same object at all its names. */
export interface FileNode {
  readonly kind: "file";
  readonly bytes: number;
  readonly layer: Layer;
  /** Its content, if it is short and known. */
  readonly text?: string;
  readonly origin?: ContentOrigin;
  /** The reason why `bytes` isn't its real size. */
  readonly unknown?: string;
  /** Set with `unknown` if its real size is at least `bytes`, and larger by at most this many. */
  readonly mayHaveMore?: number;
}

export interface LinkNode {
  readonly kind: "symlink";
  readonly target: string;
  readonly layer: Layer;
}

export interface FolderNode {
  readonly kind: "directory";
  readonly entries: Map<string, TreeNode>;
  /** The layer that may change `entries`; others make a copy first. */
  readonly layer: Layer;
  /**
   * The reason why it may contain more than is listed; absent if that is everything. Listed entries certainly exist.
   */
  readonly gap?: string;
  /** True for a mount of a RUN: nothing in it belongs to a layer. */
  readonly isMount?: true;
}

/** An entry known to be missing, in a folder that may contain more than is listed. */
export interface AbsentNode {
  readonly kind: "absent";
}

export type TreeNode = FileNode | LinkNode | FolderNode | AbsentNode;

/** The file system of a stage while its instructions are followed. */
export interface Tree {
  root: FolderNode;
  /** The layer of the current instruction. */
  layer: Layer;
}

export const absent: AbsentNode = { kind: "absent" };

/** An empty folder, or one with unknown content if there is a `gap`. */
export function newFolder(layer: Layer, gap?: string): FolderNode {
  return { kind: "directory", entries: new Map(), layer, ...(gap !== undefined && { gap }) };
}

/** An empty file system, or an unknown one if there is a `gap`. */
export function newTree(gap?: string): Tree {
  const layer = {};
  return { root: newFolder(layer, gap), layer };
}

/** The file system that a later stage or instruction changes; this one stays unchanged. */
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

/** A folder's entry; undefined if it may or may not exist. */
export function entryOf(folder: FolderNode, name: string): TreeNode | undefined {
  return folder.entries.get(name) ?? (folder.gap === undefined ? absent : undefined);
}

/** The listed entries of a folder. */
export function* listed(folder: FolderNode): Iterable<readonly [string, Exclude<TreeNode, AbsentNode>]> {
  for (const [name, node] of folder.entries) if (node.kind !== "absent") yield [name, node];
}
