import type { ViewRow } from "../protocol/messages.ts";

/** A file or folder of the diff. Unchanged folders have no row but contain changes. */
export interface TreeNode {
  readonly index: number;
  readonly name: string;
  readonly path: string;
  /** The index of its folder; the root's is its own. */
  readonly parent: number;
  readonly row: ViewRow | undefined;
  readonly children: readonly number[];
}

/** Parents come before their children; [0] is the root. */
export interface DiffTree {
  readonly nodes: readonly TreeNode[];
}

interface Growing extends TreeNode {
  row: ViewRow | undefined;
  readonly children: number[];
}

/** Builds folders from flat rows in any order. */
export function buildTree(rows: readonly ViewRow[]): DiffTree {
  const nodes: Growing[] = [{ index: 0, name: "", path: "", parent: 0, row: undefined, children: [] }];
  const byPath = new Map<string, Growing>();
  for (const row of rows) nodeAt(row.path, nodes, byPath).row = row;
  return { nodes };
}

/** True for a node that contains other rows or is a directory on either side. */
export function isFolder(node: TreeNode): boolean {
  return node.children.length > 0 || (node.row?.after ?? node.row?.before)?.kind === "directory";
}

function nodeAt(path: string, nodes: Growing[], byPath: Map<string, Growing>): Growing {
  const known = byPath.get(path);
  if (known) return known;
  // A loop instead of recursion: an image may nest folders deeper than the stack.
  let node = nodes[0];
  if (node === undefined) throw new Error("a tree has a root");
  for (let end = path.indexOf("/"); ; end = path.indexOf("/", end + 1)) {
    const prefix = end < 0 ? path : path.slice(0, end);
    node = byPath.get(prefix) ?? addChild(node, prefix, nodes, byPath);
    if (end < 0) return node;
  }
}

function addChild(parent: Growing, path: string, nodes: Growing[], byPath: Map<string, Growing>): Growing {
  const node: Growing = {
    index: nodes.length,
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    parent: parent.index,
    row: undefined,
    children: [],
  };
  nodes.push(node);
  parent.children.push(node.index);
  byPath.set(path, node);
  return node;
}
