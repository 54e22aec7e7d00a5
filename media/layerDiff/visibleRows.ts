import type { GridRow } from "../grid/row.ts";
import type { ViewRow } from "../protocol/messages.ts";
import type { Totals } from "./filter.ts";
import { type DiffTree, isFolder, type TreeNode } from "./tree.ts";

export type SortOrder = "path" | "delta" | "size";

/**
 * The open folders. A text filter opens every folder with a match; those closed by hand meanwhile are stored
 * separately.
 */
export interface Folding {
  readonly open: ReadonlySet<string>;
  readonly closedInSearch: ReadonlySet<string>;
  readonly isSearching: boolean;
}

/** One row of the grid. Its label is a name, or the names of folders that hold only each other: `usr/share/doc`. */
export interface VisibleRow extends GridRow {
  readonly node: TreeNode;
  /** The row's own change; absent if only rows inside it pass the filter. */
  readonly own: ViewRow | undefined;
}

/** Everything that decides which rows are visible, and in which order. */
interface Selection {
  readonly tree: DiffTree;
  readonly totals: Totals;
  readonly sort: SortOrder;
  readonly folding: Folding;
}

/** The rows to show, top to bottom: rows in open folders that match or contain a match. */
export function visibleRows(tree: DiffTree, totals: Totals, sort: SortOrder, folding: Folding): readonly VisibleRow[] {
  const rows: VisibleRow[] = [];
  const selection = { tree, totals, sort, folding };
  // The stack of rows still to be shown, the next on top.
  const pending = topRows(selection).reverse();
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    rows.push(row);
    if (row.isOpen) pending.push(...levelRows(selection, row.node, row.level + 1).reverse());
  }
  return rows;
}

/** The files that pass the filter, as whole paths without their folders. */
export function flatRows({ nodes }: DiffTree, totals: Totals, sort: SortOrder): readonly VisibleRow[] {
  const files = nodes.filter((node) => (totals.own[node.index] ?? 0) > 0 && !isFolder(node));
  files.sort((a, b) => byBytes(totals, sort, a, b) || compareText(a.path, b.path));
  return files.map((node, index) => ({
    node,
    path: node.path,
    label: node.path,
    level: 1,
    own: node.row,
    isFolder: false,
    isOpen: false,
    position: index + 1,
    siblings: files.length,
  }));
}

/** True for a folder that is shown open. */
export function isOpen(path: string, { open, closedInSearch, isSearching }: Folding): boolean {
  return isSearching ? !closedInSearch.has(path) : open.has(path);
}

/** The folders to open at first: all if the result is short, else those with much of the change while there is room. */
export function initiallyOpen(tree: DiffTree, totals: Totals, maxRows: number): ReadonlySet<string> {
  if ((totals.matched[0] ?? 0) <= maxRows / 2) return allFolders(tree);
  const open = new Set<string>();
  const folding: Folding = { open, closedInSearch: new Set(), isSearching: false };
  const selection: Selection = { tree, totals, sort: "path", folding };
  const candidates = topRows(selection);
  const leastChurn = (totals.churn[0] ?? 0) * notableShare;
  let shown = candidates.length;
  for (let next = takeLargest(candidates, totals); next !== undefined; next = takeLargest(candidates, totals)) {
    const isNotable = at(totals.churn, next.node) > leastChurn;
    // Count first: a folder of 100,000 files needn't be sorted if it stays closed.
    if (!isNotable || countMatching(totals, next.node) > maxRows - shown) continue;
    const inside = levelRows(selection, next.node, next.level + 1);
    open.add(next.node.path);
    shown += inside.length;
    candidates.push(...inside);
  }
  return open;
}

/** The share of changed bytes from which a folder is opened. */
const notableShare = 0.1;

function takeLargest(candidates: VisibleRow[], totals: Totals): VisibleRow | undefined {
  let best = -1;
  for (const [index, row] of candidates.entries()) {
    if (row.isFolder && (best < 0 || at(totals.churn, row.node) > at(totals.churn, (candidates[best] ?? row).node)))
      best = index;
  }
  return best < 0 ? undefined : candidates.splice(best, 1)[0];
}

function countMatching(totals: Totals, { children }: TreeNode): number {
  return children.reduce((count, child) => count + Number((totals.matched[child] ?? 0) > 0), 0);
}

/** Every folder's path. */
export function allFolders(tree: DiffTree): ReadonlySet<string> {
  return new Set(tree.nodes.filter((node) => node.index > 0 && isFolder(node)).map((node) => node.path));
}

function topRows(selection: Selection): VisibleRow[] {
  const [root] = selection.tree.nodes;
  return root === undefined ? [] : levelRows(selection, root, 1);
}

function levelRows({ tree, totals, sort, folding }: Selection, parent: TreeNode, level: number): VisibleRow[] {
  const nodes = matchingChildren(tree, totals, parent).sort(order(totals, sort));
  return nodes.map((first, index): VisibleRow => {
    const [node, label] = compact(tree, totals, first);
    const folder = isFolder(node);
    const own = (totals.own[node.index] ?? 0) > 0 ? node.row : undefined;
    return {
      node,
      path: node.path,
      label,
      level,
      own,
      isFolder: folder,
      isOpen: folder && hasMatchInside(totals, node) && isOpen(node.path, folding),
      position: index + 1,
      siblings: nodes.length,
    };
  });
}

function matchingChildren(tree: DiffTree, totals: Totals, parent: TreeNode): TreeNode[] {
  return parent.children.flatMap((child) => {
    const node = tree.nodes[child];
    return node !== undefined && (totals.matched[child] ?? 0) > 0 ? [node] : [];
  });
}

function hasMatchInside(totals: Totals, node: TreeNode): boolean {
  return node.children.some((child) => (totals.matched[child] ?? 0) > 0);
}

/** Follows folders that have no change of their own and contain only one folder. */
function compact(tree: DiffTree, totals: Totals, first: TreeNode): readonly [TreeNode, string] {
  let node = first;
  let label = first.name;
  for (;;) {
    const inside = (totals.own[node.index] ?? 0) === 0 ? matchingChildren(tree, totals, node) : [];
    const [only] = inside;
    if (only === undefined || inside.length > 1 || !isFolder(only)) return [node, label];
    node = only;
    label += `/${only.name}`;
  }
}

function order(totals: Totals, sort: SortOrder): (a: TreeNode, b: TreeNode) => number {
  const byName = (a: TreeNode, b: TreeNode): number =>
    Number(isFolder(b)) - Number(isFolder(a)) || compareText(a.name, b.name);
  if (sort === "path") return byName;
  return (a, b) => byBytes(totals, sort, a, b) || at(totals.churn, b) - at(totals.churn, a) || byName(a, b);
}

/** Compares by bytes, largest first, if that is the sort order. */
function byBytes({ delta, size }: Totals, sort: SortOrder, a: TreeNode, b: TreeNode): number {
  if (sort === "size") return at(size, b) - at(size, a);
  return sort === "delta" ? Math.abs(at(delta, b)) - Math.abs(at(delta, a)) : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function at(numbers: Float64Array, node: TreeNode): number {
  return numbers[node.index] ?? 0;
}
