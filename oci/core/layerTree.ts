import type { ContentBytes } from "./bytes.ts";
import { createNameTable } from "./columns/nameTable.ts";
import {
  addNode,
  childrenOf,
  createTree,
  linkedEntry,
  linkTarget,
  markers,
  nodeAt,
  nodeEntry,
  ownKind,
  pathOfNode,
  sharedFile,
  shownRow,
  totalBytes,
  totalsOf,
  type Totals,
  type Tree,
} from "./columns/tree.ts";
import { kindNumbers, type LayerContent, type LayerEntry } from "./entry.ts";

/**
 * A path of a changeset or of a file system: a view into a tree's columns, created on demand. Two views of one path are
 * different objects.
 */
export interface TreeNode {
  /** The last part of the path; empty for the root. */
  readonly name: string;
  /** As in {@link LayerEntry.path}; empty for the root. */
  readonly path: string;
  /** Absent for an implicit directory, of which only paths below are named, and for a path that has only a marker. */
  readonly entry: LayerEntry | undefined;
  /**
   * The effect on the layers below: "whiteout" removes the path, "opaque" everything in the directory. Absent in a file
   * system.
   */
  readonly marker: "whiteout" | "opaque" | undefined;
  /** The layer that provided the entry in a file system; base is 0. */
  readonly layerIndex: number | undefined;
  /** The file that a hard link is another name of, if known. */
  readonly linked: LayerEntry | undefined;
  /** The row of a layer's content that holds the entry, or the file that a hard link shows. */
  readonly carrier: { readonly layerIndex: number; readonly row: number } | undefined;
  /** Children by name, sorted by it; built on first use. */
  readonly children: ReadonlyMap<string, TreeNode>;
  /** For this path and all below, hard links counted once. */
  readonly totalBytes: ContentBytes;
  /** Entries that are not directories, of this path and all below. */
  readonly totalFiles: number;
  /** The columns that this is a view of, and its node in them. */
  readonly tree: Tree;
  readonly node: number;
}

/**
 * Returns the changeset of one layer as a tree, with whiteouts as separate nodes. Of entries with the same path, the
 * last wins.
 */
export function layerTree(content: LayerContent): TreeNode {
  const { paths, rows } = content;
  const tree = createTree([content], { expected: paths.parents.length, table: createNameTable() });
  const numberOf = tree.table.numbersOf(content);
  // One node for each path, in the same order: their numbers are the same.
  for (let path = 1; path < paths.parents.length; path++)
    addNode(tree, paths.parents[path] ?? 0, numberOf(paths.names[path] ?? 0));
  for (let row = 0; row < content.entryCount; row++) {
    tree.layer[rows.paths[row] ?? 0] = 0;
    tree.row[rows.paths[row] ?? 0] = row;
  }
  for (const path of content.opaqueDirectories) tree.marker[path] = markers.opaque;
  for (const path of content.whiteouts) tree.marker[path] = markers.whiteout;
  for (let row = 0; row < content.entryCount; row++)
    if (rows.kinds[row] === kindNumbers.hardlink) share(tree, rows.paths[row] ?? 0);
  return rootOf(tree, "changeset");
}

const maxLinkChain = 40; // As deep as Linux follows links; stops a hostile cycle.

/** Joins a hard link of a changeset with the file at the end of a chain of links. */
function share(tree: Tree, link: number): void {
  let target = link;
  for (let hop = 0; target !== -1 && ownKind(tree, target) === kindNumbers.hardlink; hop++) {
    if (hop === maxLinkChain) return;
    target = nodeAt(tree, linkTarget(tree, target));
  }
  if (target === -1 || tree.row[target] === -1) return;
  if (tree.shared[target] === -1)
    tree.shared[target] = tree.files.push({ layer: 0, row: tree.row[target] ?? 0, node: target, names: 1 }) - 1;
  tree.shared[link] = tree.shared[target] ?? 0;
}

/** Returns the root of a finished tree. A changeset has a single layer, so its nodes don't name one. */
export function rootOf(tree: Tree, kind: "changeset" | "fileSystem"): TreeNode {
  return new View({ tree, kind, totals: undefined }, 0);
}

interface Finished {
  readonly tree: Tree;
  readonly kind: "changeset" | "fileSystem";
  /** Summed up on first use: comparisons don't need them. */
  totals: Totals | undefined;
}

class View implements TreeNode {
  readonly #of: Finished;
  readonly node: number;
  #children: ReadonlyMap<string, TreeNode> | undefined;

  constructor(of: Finished, node: number) {
    this.#of = of;
    this.node = node;
  }

  get tree(): Tree {
    return this.#of.tree;
  }

  get name(): string {
    return nameOf(this.tree, this.node);
  }

  get path(): string {
    return pathOfNode(this.tree, this.node);
  }

  get entry(): LayerEntry | undefined {
    return nodeEntry(this.tree, this.node);
  }

  get marker(): "whiteout" | "opaque" | undefined {
    const marker = this.tree.marker[this.node];
    return marker === markers.whiteout ? "whiteout" : marker === markers.opaque ? "opaque" : undefined;
  }

  get layerIndex(): number | undefined {
    const layer = this.tree.layer[this.node] ?? 0;
    return layer === -1 || this.#of.kind === "changeset" ? undefined : layer;
  }

  get linked(): LayerEntry | undefined {
    return linkedEntry(this.tree, this.node);
  }

  get carrier(): { readonly layerIndex: number; readonly row: number } | undefined {
    const { tree, node } = this;
    if (tree.row[node] === -1) return undefined;
    const { layer, row } = sharedFile(tree, node) ?? shownRow(tree, node);
    return { layerIndex: layer, row };
  }

  get children(): ReadonlyMap<string, TreeNode> {
    return (this.#children ??= this.#sortedChildren());
  }

  get totalBytes(): ContentBytes {
    return totalBytes(this.#totals(), this.node);
  }

  get totalFiles(): number {
    return this.#totals().files[this.node] ?? 0;
  }

  #totals(): Totals {
    return (this.#of.totals ??= totalsOf(this.tree));
  }

  #sortedChildren(): ReadonlyMap<string, TreeNode> {
    const nodes = childrenOf(this.tree, this.node);
    if (nodes.length === 0) return noChildren;
    const named = nodes.map((node) => new View(this.#of, node)).sort((a, b) => (a.name < b.name ? -1 : 1));
    return new Map(named.map((child) => [child.name, child]));
  }
}

const noChildren: ReadonlyMap<string, TreeNode> = new Map();

function nameOf(tree: Tree, node: number): string {
  return tree.table.nameOf(tree.names[node] ?? 0);
}

/** Returns the node at a path of a finished tree. */
export function findNode(root: TreeNode, path: string): TreeNode | undefined {
  if (path === "") return root;
  let node: TreeNode | undefined = root;
  for (const name of path.split("/")) node = node?.children.get(name);
  return node;
}

/** Yields all nodes below a node, parents before children, in path order. */
export function* walkTree(root: TreeNode): Generator<TreeNode> {
  const open: TreeNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node !== root) yield node;
    open.push(...[...node.children.values()].reverse());
  }
}
