import { kindNumbers, type LayerContent } from "../entry.ts";
import { makeInt32, makeUint8 } from "./arrays.ts";
import { pathAt } from "./content.ts";
import { resolveLinks } from "./hardLinks.ts";
import { createNameTable } from "./nameTable.ts";
import {
  addNode,
  childOf,
  childrenOf,
  clearChildren,
  createTree,
  forkTree,
  ownKind,
  sharedFile,
  type Tree,
} from "./tree.ts";

/** A file system to which layers are applied. */
export interface Building {
  readonly tree: Tree;
  readonly losses: Loss[];
  readonly dangling: { readonly path: string; readonly layerIndex: number }[];
}

/** An entry that an upper layer, or its own, removed or replaced. */
export interface Loss {
  /** The layer of the lost entry. */
  readonly layer: number;
  readonly row: number;
  readonly endedBy: number;
  readonly reason: "whiteout" | "opaque" | "replaced";
  /** The path that caused the loss, in the layer that ended it. */
  readonly cause: number;
  /** True if the cause is the entry's own path. */
  readonly isTop: boolean;
  /** Bytes of content that no longer show. */
  readonly bytes: number;
  /** The node where it was; -1 if it was never added to the tree. */
  readonly node: number;
  /** The row that `endedBy` put at the same path; -1 if there is none. */
  successor: number;
}

export function createBuilding(layers: readonly LayerContent[]): Building {
  const counts = layers.map(({ paths }) => paths.parents.length);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  // Growing takes time; but layers may have many paths in common.
  const sum = counts.reduce((total, count) => total + count, 0);
  const expected = Math.min(sum, Math.max(most, roomAtFirst));
  return { tree: createTree(layers, { expected, table: createNameTable() }), losses: [], dangling: [] };
}

const roomAtFirst = 256 * 1024; // Paths; 11 MB. More than most images have.

/**
 * Returns a copy to which other layers are applied from now on. `layers` begins with the `applied` ones. The losses so
 * far stay with the original.
 */
export function forkBuilding({ tree }: Building, layers: readonly LayerContent[], applied: number): Building {
  return { tree: forkTree(tree, layers, applied), losses: [], dangling: [] };
}

type Ending = Pick<Loss, "reason" | "cause" | "endedBy">;

/** A layer being applied, with the data computed for its paths. */
interface Applying extends Building {
  readonly layer: LayerContent;
  readonly layerIndex: number;
  nameOf(text: number): number;
  /** By path: its node, or -1 if not looked up yet. The node may have been removed since. */
  readonly nodes: Int32Array;
  /** By path: 1 if every folder above it is a directory. */
  readonly isOpened: Uint8Array;
}

/** Applies a layer to the layers below it. @see image-spec layer.md §Applying Changesets */
export function applyLayer(building: Building, layer: LayerContent, layerIndex: number): void {
  const pathCount = layer.paths.parents.length;
  const applying: Applying = {
    ...building,
    layer,
    layerIndex,
    nameOf: building.tree.table.numbersOf(layer),
    nodes: makeInt32(pathCount).fill(-1),
    isOpened: makeUint8(pathCount),
  };
  const firstLoss = building.losses.length;
  removeBelow(applying);
  // A marker is a file of the layer: it creates its folder and replaces a link or file of that name.
  for (const path of layer.whiteouts) openParents(applying, path);
  for (const path of layer.opaqueDirectories) openFolder(applying, path);
  noteOverwritten(applying);
  const links: number[] = [];
  for (let row = 0; row < layer.entryCount; row++) {
    const node = place(applying, row);
    if (layer.rows.kinds[row] === kindNumbers.hardlink) links.push(node);
  }
  resolveLinks(building.tree, links);
  nameSuccessors(applying, firstLoss);
}

/** Records files that their own layer replaced. */
function noteOverwritten({ losses, layer: { rows, entryCount, overwrittenCount }, layerIndex }: Applying): void {
  for (let row = entryCount; row < entryCount + overwrittenCount; row++) {
    const lost = { layer: layerIndex, row, bytes: rows.sizes[row] ?? 0, node: -1, isTop: true, successor: -1 };
    losses.push({ ...lost, endedBy: layerIndex, reason: "replaced", cause: rows.paths[row] ?? 0 });
  }
}

/**
 * Removes what the layer's markers delete. Dangling markers are determined before any marker acts, since all of them
 * refer to the layers below.
 */
function removeBelow(applying: Applying): void {
  const { tree, layer, layerIndex, dangling } = applying;
  for (const path of layer.whiteouts)
    if (foundNode(applying, path) === -1) dangling.push({ path: pathAt(layer, path), layerIndex });
  for (const path of layer.opaqueDirectories) {
    const node = foundNode(applying, path);
    if (node === -1) continue;
    for (const child of [...childrenOf(tree, node)].reverse())
      end(applying, child, { reason: "opaque", cause: path, endedBy: layerIndex });
    clearChildren(tree, node);
  }
  for (const path of layer.whiteouts) {
    const node = foundNode(applying, path);
    if (node === -1) continue;
    end(applying, node, { reason: "whiteout", cause: path, endedBy: layerIndex });
    tree.alive[node] = 0;
  }
}

/**
 * Places an entry at its path. A directory over a directory only changes attributes; anything else removes the previous
 * entry.
 */
function place(applying: Applying, row: number): number {
  const { tree, layer, layerIndex } = applying;
  const path = layer.rows.paths[row] ?? 0;
  openParents(applying, path);
  const node = madeNode(applying, path);
  const isNew = tree.row[node] === -1 && tree.lastChild[node] === -1;
  const staysDirectory = layer.rows.kinds[row] === kindNumbers.directory && isDirectory(tree, node);
  if (!isNew && !staysDirectory) {
    end(applying, node, { reason: "replaced", cause: path, endedBy: layerIndex });
    clearChildren(tree, node);
  }
  tree.layer[node] = layerIndex;
  tree.row[node] = row;
  tree.shared[node] = -1;
  return node;
}

/**
 * Makes the folders above a path directories, even if a lower layer has a file or symlink there. Layers are unpacked
 * one by one, so the lower link is never followed.
 */
function openParents(applying: Applying, path: number): void {
  openFolder(applying, applying.layer.paths.parents[path] ?? 0);
}

/** Does the same for a folder itself and those above it. */
function openFolder(applying: Applying, folder: number): void {
  const { layer, isOpened } = applying;
  if (isOpened[folder] === 1) return;
  const open: number[] = [];
  for (let path = folder; path !== 0 && isOpened[path] === 0; path = layer.paths.parents[path] ?? 0) open.push(path);
  for (const path of open.reverse()) {
    isOpened[path] = 1;
    makeFolder(applying, path);
  }
}

function makeFolder(applying: Applying, path: number): void {
  const { tree, layerIndex } = applying;
  const node = foundNode(applying, path);
  if (node === -1 || isDirectory(tree, node) || tree.layer[node] === layerIndex) return;
  end(applying, node, { reason: "replaced", cause: path, endedBy: layerIndex });
  clearChildren(tree, node);
  tree.layer[node] = -1;
  tree.row[node] = -1;
  tree.shared[node] = -1;
}

function isDirectory(tree: Tree, node: number): boolean {
  const kind = ownKind(tree, node);
  return kind === -1 || kind === kindNumbers.directory;
}

/**
 * Records the end of everything at and below a node. Nodes below are removed; the node itself is left to the caller.
 */
function end({ tree, losses }: Building, top: number, ending: Ending): void {
  const open = [top];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (tree.row[node] !== -1)
      losses.push({ ...lossOf(tree, node), ...ending, isTop: node === top && ending.reason !== "opaque" });
    if (node !== top) tree.alive[node] = 0;
    // Reversed, so that the child added last is visited first.
    open.push(...[...childrenOf(tree, node)].reverse());
  }
}

function lossOf(tree: Tree, node: number): Pick<Loss, "layer" | "row" | "bytes" | "node" | "successor"> {
  const own = { layer: tree.layer[node] ?? 0, row: tree.row[node] ?? 0 };
  return { ...own, bytes: lostBytes(tree, node, own), node, successor: -1 };
}

/** The bytes lost with a name; 0 unless it was the file's last name. */
function lostBytes(tree: Tree, node: number, own: { readonly layer: number; readonly row: number }): number {
  const file = sharedFile(tree, node);
  if (file) file.names--;
  const isLast = file ? file.names === 0 : ownKind(tree, node) === kindNumbers.file;
  const { layer, row } = file ?? own;
  return isLast ? (tree.layers[layer]?.rows.sizes[row] ?? 0) : 0;
}

/** The node of the layer's path, created with its parents if missing. */
function madeNode(applying: Applying, path: number): number {
  return follow(applying, path, makeChild);
}

/** The live node of the layer's path; -1 if there is none. */
function foundNode(applying: Applying, path: number): number {
  return follow(applying, path, findChild);
}

type Step = (applying: Applying, folder: number, path: number) => number;

/** Takes a step for each part of a path that wasn't looked up before; ends at a step that returns -1. */
function follow(applying: Applying, path: number, step: Step): number {
  const { parents } = applying.layer.paths;
  const missing: number[] = [];
  let open = path;
  let node = knownNode(applying, open);
  for (; node === -1; node = knownNode(applying, open)) {
    missing.push(open);
    open = parents[open] ?? 0;
  }
  for (let next = missing.pop(); next !== undefined && node !== -1; next = missing.pop())
    node = step(applying, node, next);
  return node;
}

/** The live node that an earlier step found for a path, otherwise -1. */
function knownNode({ tree, nodes }: Applying, path: number): number {
  if (path === 0) return 0;
  const node = nodes[path] ?? -1;
  return tree.alive[node] === 1 ? node : -1;
}

function makeChild(applying: Applying, folder: number, path: number): number {
  const found = findChild(applying, folder, path);
  return found === -1 ? addChild(applying, folder, path) : found;
}

function addChild({ tree, layer, nodes, nameOf }: Applying, folder: number, path: number): number {
  return (nodes[path] = addNode(tree, folder, nameOf(layer.paths.names[path] ?? 0)));
}

function findChild({ tree, layer, nodes, nameOf }: Applying, folder: number, path: number): number {
  return (nodes[path] = childOf(tree, folder, nameOf(layer.paths.names[path] ?? 0)));
}

function nameSuccessors(applying: Applying, from: number): void {
  const { tree, losses, layer, layerIndex } = applying;
  for (let index = from; index < losses.length; index++) {
    const loss = losses[index];
    if (!loss) continue;
    const heir = loss.node === -1 ? foundNode(applying, layer.rows.paths[loss.row] ?? 0) : livingNode(tree, loss.node);
    if (heir !== -1 && tree.row[heir] !== -1 && tree.layer[heir] === layerIndex) loss.successor = tree.row[heir] ?? 0;
  }
}

/** The live node at another node's path. */
function livingNode(tree: Tree, node: number): number {
  const names: number[] = [];
  let open = node;
  for (; open > 0 && tree.alive[open] !== 1; open = tree.parents[open] ?? 0) names.push(tree.names[open] ?? 0);
  for (const name of names.reverse()) {
    open = childOf(tree, open, name);
    if (open === -1) return -1;
  }
  return open;
}
