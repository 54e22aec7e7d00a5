import { contentBytes, type ContentBytes } from "./bytes.ts";
import type { LayerContent, LayerEntry } from "./entry.ts";

/** A path of a changeset or of a file system. */
export interface TreeNode {
  /** The last part of the path; empty for the root. */
  readonly name: string;
  /** As in {@link LayerEntry.path}; empty for the root. */
  readonly path: string;
  /** Absent where only paths below were named (an implicit directory) or only a marker stands there. */
  readonly entry?: LayerEntry;
  /** What a layer does to the layers below: "whiteout" removes the path, "opaque" everything in the directory. Absent in a file system. */
  readonly marker?: "whiteout" | "opaque";
  /** In a file system: the layer that gave the entry, base is 0. */
  readonly layerIndex?: number;
  /** Of a hard link: the file that it is another name of, where that is known. */
  readonly linked?: LayerEntry;
  /** By name, sorted by it. */
  readonly children: ReadonlyMap<string, TreeNode>;
  /** Of this path and all below, hard links once. */
  readonly totalBytes: ContentBytes;
  /** Entries that are not directories, of this path and all below. */
  readonly totalFiles: number;
}

/** What trees are built from; `T` is what the builder notes at a path. */
export interface GrowingNode<T> {
  readonly path: string;
  value: T;
  children: Map<string, GrowingNode<T>> | undefined;
  /** Set once the tree is finished. */
  frozen?: TreeNode;
}

/** The changeset of one layer as a tree, whiteouts as nodes of their own. Of entries with the same path the last wins. */
export function layerTree(content: LayerContent): TreeNode {
  const root: GrowingNode<Noted> = { path: "", value: {}, children: undefined };
  const make = (): Noted => ({});
  const byPath = new Map<string, LayerEntry>();
  for (const entry of content.entries) {
    grow(root, entry.path, make).value.entry = entry;
    byPath.set(entry.path, entry);
  }
  for (const path of content.opaqueDirectories) grow(root, path, make).value.marker = "opaque";
  for (const path of content.whiteouts) grow(root, path, make).value.marker = "whiteout";
  return freeze(root, (value) => {
    const linked = value.entry?.kind === "hardlink" ? followLink(byPath, value.entry) : undefined;
    return linked === undefined ? value : { ...value, linked };
  });
}

/** The node at a path, with all its parents, made where they are missing. */
export function grow<T>(root: GrowingNode<T>, path: string, make: () => T): GrowingNode<T> {
  let node = root;
  for (let start = 0; start < path.length;) {
    const slash = path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    const name = path.slice(start, end);
    node.children ??= new Map<string, GrowingNode<T>>();
    let child = node.children.get(name);
    if (!child) node.children.set(name, (child = { path: path.slice(0, end), value: make(), children: undefined }));
    node = child;
    start = end + 1;
  }
  return node;
}

/** The node at a path of a finished tree. */
export function findNode(root: TreeNode, path: string): TreeNode | undefined {
  if (path === "") return root;
  let node: TreeNode | undefined = root;
  for (const name of path.split("/")) node = node?.children.get(name);
  return node;
}

/** All nodes below a node, parents before children, in path order. */
export function* walkTree(root: TreeNode): Generator<TreeNode> {
  const open: TreeNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node !== root) yield node;
    open.push(...[...node.children.values()].reverse());
  }
}

/** What a builder knows of one path. */
export type Noted = Partial<
  Pick<{ -readonly [K in keyof TreeNode]: TreeNode[K] }, "entry" | "marker" | "layerIndex" | "linked">
>;

/** Makes the immutable tree: children sorted, totals summed. Deep paths are walked without recursion, since an archive decides how deep they are. */
export function freeze<T>(root: GrowingNode<T>, describe: (value: T) => Noted): TreeNode {
  const order: GrowingNode<T>[] = [root];
  for (let index = 0; index < order.length; index++) {
    for (const child of order[index]?.children?.values() ?? []) order.push(child);
  }
  for (const node of order.reverse()) node.frozen = freezeNode(node, describe(node.value));
  return root.frozen ?? freezeNode(root, {});
}

const noChildren: ReadonlyMap<string, TreeNode> = new Map();

/** A node whose children are finished. */
function freezeNode<T>({ path, children: growing }: GrowingNode<T>, noted: Noted): TreeNode {
  const children = growing && growing.size > 0 ? sortedChildren(growing) : noChildren;
  return { ...noted, name: path.slice(path.lastIndexOf("/") + 1), path, children, ...totals(noted, children) };
}

function sortedChildren<T>(growing: ReadonlyMap<string, GrowingNode<T>>): ReadonlyMap<string, TreeNode> {
  const children = new Map<string, TreeNode>();
  for (const name of [...growing.keys()].sort()) {
    const child = growing.get(name)?.frozen;
    if (child) children.set(name, child);
  }
  return children;
}

function totals(
  { entry }: Noted,
  children: ReadonlyMap<string, TreeNode>,
): Pick<TreeNode, "totalBytes" | "totalFiles"> {
  let bytes: number = entry?.size ?? 0;
  let files = entry && entry.kind !== "directory" ? 1 : 0;
  for (const child of children.values()) {
    bytes += child.totalBytes;
    files += child.totalFiles;
  }
  return { totalBytes: contentBytes(bytes), totalFiles: files };
}

const maxLinkChain = 40; // As deep as Linux follows links; stops a hostile circle.

/** The file that a chain of hard links leads to. */
function followLink(byPath: ReadonlyMap<string, LayerEntry>, link: LayerEntry): LayerEntry | undefined {
  let target: LayerEntry | undefined = link;
  for (let hop = 0; target?.kind === "hardlink" && hop < maxLinkChain; hop++)
    target = byPath.get(target.linkTarget ?? "");
  return target?.kind === "hardlink" ? undefined : target;
}

/** A side of a comparison. */
export type Side = "before" | "after";

/** Which names are one file on each side of a comparison, whatever the order in which a tar wrote them. */
export interface NameGroups {
  /** What a path is another name of: of the names of the file that it shows, the first that both sides have, else the first at all; undefined where that is the path itself. */
  linkOf(node: TreeNode, side: Side): string | undefined;
  /** The bytes that a path counts for: a file's size at its first name, 0 at the others. */
  bytesOf(node: TreeNode | undefined, side: Side): number;
}

export function createLinkedNames(before: TreeNode, after: TreeNode): NameGroups {
  const names = { before: namesOf(before), after: namesOf(after) };
  const first = { before: firstNames(names.before, after), after: firstNames(names.after, before) };
  const firstName = (node: TreeNode, side: Side): string | undefined => {
    const shown = node.linked ?? node.entry;
    return shown && first[side].get(shown);
  };
  return {
    linkOf: (node, side) => {
      const name = firstName(node, side);
      return name === node.path ? undefined : name;
    },
    bytesOf: (node, side) => {
      if (!node?.entry) return 0;
      const name = firstName(node, side);
      if (name === undefined) return node.entry.size;
      return name === node.path ? (node.linked ?? node.entry).size : 0;
    },
  };
}

/** The names of each file that has several, in path order. */
function namesOf(root: TreeNode): ReadonlyMap<LayerEntry, readonly string[]> {
  const names = new Map<LayerEntry, string[]>();
  for (const { linked } of walkTree(root)) if (linked) names.set(linked, []);
  if (names.size === 0) return names;
  for (const { entry, linked, path } of walkTree(root)) {
    const shown = linked ?? entry;
    if (shown) names.get(shown)?.push(path);
  }
  return names;
}

function firstNames(
  names: ReadonlyMap<LayerEntry, readonly string[]>,
  other: TreeNode,
): ReadonlyMap<LayerEntry, string> {
  const first = new Map<LayerEntry, string>();
  for (const [file, paths] of names) {
    const [one = ""] = paths;
    if (paths.length > 1) first.set(file, paths.find((path) => findNode(other, path)?.entry) ?? one);
  }
  return first;
}
