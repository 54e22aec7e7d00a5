import { contentBytes, type ContentBytes } from "../bytes.ts";
import { kindNumbers, type LayerContent, type LayerEntry } from "../entry.ts";
import { makeFloat64, makeInt32, makeUint8, withRoom } from "./arrays.ts";
import { createChildIndex, type ChildIndex } from "./childIndex.ts";
import { entryAt, textAt } from "./content.ts";
import type { NameTable } from "./nameTable.ts";

/** A file that several paths are names of. */
export interface SharedFile {
  /** The layer and row of its entry. */
  layer: number;
  row: number;
  /** The path that shows its bytes. */
  node: number;
  /** The number of names that show it now. */
  names: number;
}

/**
 * Paths of a changeset or of a file system, in columns. Node 0 is the root; a node's parent has a lower number. A
 * removed node keeps its data for references to it but is no longer alive.
 */
export interface Tree {
  readonly layers: readonly LayerContent[];
  count: number;
  parents: Int32Array;
  names: Int32Array;
  readonly table: NameTable;
  readonly index: ChildIndex;
  /** The last child added, and for each child the one added before it; -1 at the end. */
  lastChild: Int32Array;
  previous: Int32Array;
  alive: Uint8Array;
  /** The layer and row of the entry at the path; -1 if there is none. */
  layer: Int32Array;
  row: Int32Array;
  /** See {@link markers}. */
  marker: Uint8Array;
  /** An index in `files` for names that share a file, else -1. */
  shared: Int32Array;
  readonly files: SharedFile[];
  /** Entries that show a row of another layer than their own: a hard link whose file is gone has become the file. */
  readonly promoted: Map<number, { readonly layer: number; readonly row: number }>;
  /** The nodes that it has in common with the trees that have this very object: equal numbers are equal paths. */
  start: TreeStart | undefined;
}

/** The nodes from which trees went different ways. */
export interface TreeStart {
  readonly count: number;
  /** The number of layers that made them. */
  readonly layerCount: number;
}

export const markers = { none: 0, whiteout: 1, opaque: 2 } as const;

export interface TreeOptions {
  /** The expected number of nodes. */
  readonly expected: number;
  readonly table: NameTable;
}

/** The number of the root's name in every table. */
const emptyName = 0;

export function createTree(layers: readonly LayerContent[], { expected, table }: TreeOptions): Tree {
  const length = expected + 1;
  const tree: Tree = {
    layers,
    count: 0,
    parents: makeInt32(length),
    names: makeInt32(length),
    table,
    index: createChildIndex(length),
    lastChild: makeInt32(length),
    previous: makeInt32(length),
    alive: makeUint8(length),
    layer: makeInt32(length),
    row: makeInt32(length),
    marker: makeUint8(length),
    shared: makeInt32(length),
    files: [],
    promoted: new Map(),
    start: undefined,
  };
  addNode(tree, -1, emptyName);
  return tree;
}

/** Returns a copy that goes another way from now on. `layerCount` layers have been applied, which both begin with. */
export function forkTree(tree: Tree, layers: readonly LayerContent[], layerCount: number): Tree {
  tree.start = { count: tree.count, layerCount };
  return {
    ...tree,
    layers,
    parents: tree.parents.slice(),
    names: tree.names.slice(),
    index: tree.index.copy(),
    lastChild: tree.lastChild.slice(),
    previous: tree.previous.slice(),
    alive: tree.alive.slice(),
    layer: tree.layer.slice(),
    row: tree.row.slice(),
    marker: tree.marker.slice(),
    shared: tree.shared.slice(),
    files: tree.files.map((file) => ({ ...file })),
    promoted: new Map(tree.promoted),
  };
}

export function childOf(tree: Tree, parent: number, name: number): number {
  const child = tree.index.get(parent, name);
  return child !== -1 && tree.alive[child] === 1 ? child : -1;
}

export function addNode(tree: Tree, parent: number, name: number): number {
  const node = tree.count++;
  if (node >= tree.parents.length) growTree(tree, node + 1);
  tree.parents[node] = parent;
  tree.names[node] = name;
  tree.lastChild[node] = -1;
  tree.previous[node] = parent === -1 ? -1 : (tree.lastChild[parent] ?? 0);
  tree.alive[node] = 1;
  tree.layer[node] = -1;
  tree.row[node] = -1;
  tree.shared[node] = -1;
  if (parent === -1) return node;
  tree.lastChild[parent] = node;
  tree.index.set(parent, name, node);
  return node;
}

function growTree(tree: Tree, length: number): void {
  tree.parents = withRoom(tree.parents, length, makeInt32);
  tree.names = withRoom(tree.names, length, makeInt32);
  tree.lastChild = withRoom(tree.lastChild, length, makeInt32);
  tree.previous = withRoom(tree.previous, length, makeInt32);
  tree.alive = withRoom(tree.alive, length, makeUint8);
  tree.layer = withRoom(tree.layer, length, makeInt32);
  tree.row = withRoom(tree.row, length, makeInt32);
  tree.marker = withRoom(tree.marker, length, makeUint8);
  tree.shared = withRoom(tree.shared, length, makeInt32);
}

/** The live children, last added first; none for -1. */
export function childrenOf(tree: Tree, node: number): readonly number[] {
  if (node === -1 || tree.lastChild[node] === -1) return noChildren;
  const children: number[] = [];
  for (let child = tree.lastChild[node] ?? 0; child !== -1; child = tree.previous[child] ?? 0)
    if (tree.alive[child] === 1) children.push(child);
  return children;
}

const noChildren: readonly number[] = [];

/** Forgets the children of a node. They must be dead or die now. */
export function clearChildren(tree: Tree, node: number): void {
  for (let child = tree.lastChild[node] ?? 0; child !== -1; child = tree.previous[child] ?? 0) tree.alive[child] = 0;
  tree.lastChild[node] = -1;
}

export function pathOfNode(tree: Tree, node: number): string {
  const parts: string[] = [];
  for (let open = node; open > 0; open = tree.parents[open] ?? 0) parts.push(tree.table.nameOf(tree.names[open] ?? 0));
  return parts.reverse().join("/");
}

/** The live node at a path; -1 if there is none. */
export function nodeAt(tree: Tree, path: string): number {
  let node = 0;
  if (path === "") return node;
  for (const part of path.split("/")) {
    const name = tree.table.find(part);
    node = name === -1 ? -1 : childOf(tree, node, name);
    if (node === -1) return -1;
  }
  return node;
}

/** The row that a node shows, possibly from another layer than its own. */
export function shownRow(tree: Tree, node: number): { readonly layer: number; readonly row: number } {
  return tree.promoted.get(node) ?? { layer: tree.layer[node] ?? 0, row: tree.row[node] ?? 0 };
}

/** The file of a node if it has other names too. */
export function sharedFile({ files, shared }: Tree, node: number): SharedFile | undefined {
  return files[shared[node] ?? -1];
}

/** The entry at a node, under the node's own path; undefined for -1 or without an entry. */
export function nodeEntry(tree: Tree, node: number): LayerEntry | undefined {
  if (node === -1 || tree.row[node] === -1) return undefined;
  const { layer, row } = shownRow(tree, node);
  const content = tree.layers[layer];
  const entry = content && entryAt(content, row);
  return entry && tree.promoted.has(node) ? { ...entry, path: pathOfNode(tree, node) } : entry;
}

/** Bytes and files of each node, including all nodes below. */
export interface Totals {
  readonly bytes: Float64Array;
  readonly files: Float64Array;
}

/** Sums up live nodes, children before parents. */
export function totalsOf(tree: Tree): Totals {
  const [bytes, files] = [makeFloat64(tree.count), makeFloat64(tree.count)];
  for (let node = tree.count - 1; node >= 0; node--) {
    if (tree.alive[node] !== 1) continue;
    if (tree.row[node] !== -1) addOwn(tree, node, { bytes, files });
    const parent = tree.parents[node] ?? -1;
    if (parent === -1) continue;
    add(bytes, parent, bytes[node]);
    add(files, parent, files[node]);
  }
  return { bytes, files };
}

function addOwn(tree: Tree, node: number, { bytes, files }: Totals): void {
  const { layer, row } = tree.promoted.size === 0 ? ownRow(tree, node) : shownRow(tree, node);
  const rows = tree.layers[layer]?.rows;
  add(bytes, node, rows?.sizes[row]);
  if (rows?.kinds[row] !== kindNumbers.directory) add(files, node, 1);
}

function add(sums: Float64Array, index: number, amount = 0): void {
  sums[index] = (sums[index] ?? 0) + amount;
}

function ownRow(tree: Tree, node: number): { readonly layer: number; readonly row: number } {
  return { layer: tree.layer[node] ?? 0, row: tree.row[node] ?? 0 };
}

export function totalBytes({ bytes }: Totals, node: number): ContentBytes {
  return contentBytes(bytes[node] ?? 0);
}

/** The index of a node's own entry kind in `entryKinds`; -1 if there is none. */
export function ownKind({ layers, layer, row }: Tree, node: number): number {
  return row[node] === -1 ? -1 : (layers[layer[node] ?? 0]?.rows.kinds[row[node] ?? 0] ?? -1);
}

/** A link's target, as written in its own layer. */
export function linkTarget({ layers, layer, row }: Tree, node: number): string {
  const content = layers[layer[node] ?? 0];
  const link = content ? (content.rows.links[row[node] ?? 0] ?? 0) : 0;
  return content && link !== 0 ? textAt(content.texts, link - 1) : "";
}

/** The file that a node is another name of. */
export function linkedEntry(tree: Tree, node: number): LayerEntry | undefined {
  const file = sharedFile(tree, node);
  const isLink = file && ownKind(tree, node) === kindNumbers.hardlink && !tree.promoted.has(node);
  if (!isLink) return undefined;
  const content = tree.layers[file.layer];
  const entry = content && entryAt(content, file.row);
  return entry && tree.promoted.has(file.node) ? { ...entry, path: pathOfNode(tree, file.node) } : entry;
}
