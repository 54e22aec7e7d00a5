import type { ViewRow } from "../protocol/messages.ts";
import type { Totals } from "./filter.ts";
import { type DiffTree, isFolder, type TreeNode } from "./tree.ts";

export type SortOrder = "path" | "delta";

/** Which folders are open. A text filter opens all that holds a match; what is closed by hand then is kept apart. */
export interface Folding {
  readonly open: ReadonlySet<string>;
  readonly closedInSearch: ReadonlySet<string>;
  readonly isSearching: boolean;
}

/** One row of the grid. */
export interface VisibleRow {
  readonly node: TreeNode;
  /** The name, or the names of folders that hold only each other: `usr/share/doc`. */
  readonly label: string;
  /** 1 at the top. */
  readonly level: number;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** What the row shows of its own; absent where only what is inside passes the filter. */
  readonly own: ViewRow | undefined;
  /** 1-based place among its siblings, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** The rows to show, top to bottom: those with a match in them, in open folders. */
export function visibleRows(tree: DiffTree, totals: Totals, sort: SortOrder, folding: Folding): readonly VisibleRow[] {
  const rows: VisibleRow[] = [];
  const [root] = tree.nodes;
  if (root === undefined) return rows;
  // A stack of rows still to be shown, the next on top.
  const waiting = levelRows(tree, totals, sort, folding, root, 1).reverse();
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    rows.push(row);
    if (row.isOpen) waiting.push(...levelRows(tree, totals, sort, folding, row.node, row.level + 1).reverse());
  }
  return rows;
}

/** True for a folder that is drawn open. */
export function isOpen(path: string, { open, closedInSearch, isSearching }: Folding): boolean {
  return isSearching ? !closedInSearch.has(path) : open.has(path);
}

/** Folders to open at first: all where that is short enough to be taken in, else those with much of the change, as far as there is room. */
export function initiallyOpen(tree: DiffTree, totals: Totals, maxRows: number): ReadonlySet<string> {
  if ((totals.matched[0] ?? 0) <= maxRows / 2) return allFolders(tree);
  const open = new Set<string>();
  const folding: Folding = { open, closedInSearch: new Set(), isSearching: false };
  const candidates = topRows(tree, totals, folding);
  const leastChurn = (totals.churn[0] ?? 0) * notableShare;
  let shown = candidates.length;
  for (let next = takeLargest(candidates, totals); next !== undefined; next = takeLargest(candidates, totals)) {
    const isNotable = at(totals.churn, next.node) > leastChurn;
    // Counting first: a folder of 100,000 files need not be sorted to be left closed.
    if (!isNotable || countMatching(totals, next.node) > maxRows - shown) continue;
    const inside = levelRows(tree, totals, "path", folding, next.node, next.level + 1);
    open.add(next.node.path);
    shown += inside.length;
    candidates.push(...inside);
  }
  return open;
}

/** A folder with a tenth of all changed bytes is worth a look. */
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

function topRows(tree: DiffTree, totals: Totals, folding: Folding): VisibleRow[] {
  const [root] = tree.nodes;
  return root === undefined ? [] : levelRows(tree, totals, "path", folding, root, 1);
}

function levelRows(
  ...[tree, totals, sort, folding, parent, level]: [DiffTree, Totals, SortOrder, Folding, TreeNode, number]
): VisibleRow[] {
  const nodes = matchingChildren(tree, totals, parent).sort(order(totals, sort));
  return nodes.map((first, index): VisibleRow => {
    const [node, label] = compact(tree, totals, first);
    const folder = isFolder(node);
    const own = (totals.own[node.index] ?? 0) > 0 ? node.row : undefined;
    return {
      node,
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

/** Follows folders that show no change of their own and hold one folder only. */
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
  return (a, b) =>
    Math.abs(at(totals.delta, b)) - Math.abs(at(totals.delta, a)) ||
    at(totals.churn, b) - at(totals.churn, a) ||
    byName(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function at(numbers: Float64Array, node: TreeNode): number {
  return numbers[node.index] ?? 0;
}
