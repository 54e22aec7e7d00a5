import type { ViewRow } from "../protocol/messages.ts";
import { rowMatcher } from "./query.ts";
import type { DiffTree } from "./tree.ts";

/**
 * The kinds of change that can be shown or hidden. Rows that differ only in time are a separate kind because they are
 * mostly noise; "same" means unchanged.
 */
export type ChangeFilter = "added" | "changed" | "removed" | "timeOnly" | "same";

export interface Filter {
  /** See {@link rowMatcher}. */
  readonly text: string;
  readonly shown: Readonly<Record<ChangeFilter, boolean>>;
}

/** Sums over the rows that pass the filter, per node of the tree: of the node itself and everything below it. */
export interface Totals {
  readonly added: Int32Array;
  readonly changed: Int32Array;
  readonly removed: Int32Array;
  /** Content bytes after minus before. */
  readonly delta: Float64Array;
  /** Sum of the rows' |delta|. */
  readonly churn: Float64Array;
  /** Bytes that a layer with these changes stores or hides: a changed file counts whole, whatever changed. */
  readonly written: Float64Array;
  /** Content bytes after the change. */
  readonly size: Float64Array;
  readonly matched: Int32Array;
  /** 1 if the node's own row passes, else 0. */
  readonly own: Int32Array;
}

export function changeFilterOf(row: ViewRow): ChangeFilter {
  if (row.change === "added" || row.change === "removed" || row.change === "same") return row.change;
  return row.change === "metadata" && row.attributes.every((attribute) => attribute === "mtime")
    ? "timeOnly"
    : "changed";
}

/** Counts the rows that pass, bottom up: children come after their parents. */
export function filterTree({ nodes }: DiffTree, filter: Filter): Totals {
  const matches = rowMatcher(filter.text);
  const totals: Totals = {
    added: new Int32Array(nodes.length),
    changed: new Int32Array(nodes.length),
    removed: new Int32Array(nodes.length),
    delta: new Float64Array(nodes.length),
    churn: new Float64Array(nodes.length),
    written: new Float64Array(nodes.length),
    size: new Float64Array(nodes.length),
    matched: new Int32Array(nodes.length),
    own: new Int32Array(nodes.length),
  };
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined) continue;
    const kind = node.row === undefined ? undefined : changeFilterOf(node.row);
    if (node.row !== undefined && kind !== undefined && filter.shown[kind] && matches(node.row))
      count(totals, index, kind, node.row);
    if (index > 0) addUp(totals, index, node.parent);
  }
  return totals;
}

/** Counts the rows of each kind, whatever the filter. */
export function countChanges(
  rows: readonly ViewRow[],
): Readonly<Record<ChangeFilter, { readonly rows: number; readonly delta: number }>> {
  const counts = {
    added: { rows: 0, delta: 0 },
    changed: { rows: 0, delta: 0 },
    removed: { rows: 0, delta: 0 },
    timeOnly: { rows: 0, delta: 0 },
    same: { rows: 0, delta: 0 },
  };
  for (const row of rows) {
    const of = counts[changeFilterOf(row)];
    of.rows++;
    of.delta += row.deltaBytes;
  }
  return counts;
}

function count(totals: Totals, index: number, kind: ChangeFilter, { deltaBytes: delta, after }: ViewRow): void {
  totals.own[index] = 1;
  totals.size[index] = (totals.size[index] ?? 0) + (after?.size ?? 0);
  if (kind !== "same") {
    const counter = kind === "timeOnly" ? totals.changed : totals[kind];
    counter[index] = (counter[index] ?? 0) + 1;
  }
  totals.matched[index] = (totals.matched[index] ?? 0) + 1;
  totals.delta[index] = (totals.delta[index] ?? 0) + delta;
  totals.churn[index] = (totals.churn[index] ?? 0) + Math.abs(delta);
  totals.written[index] = (totals.written[index] ?? 0) + Math.max(Math.abs(delta), rewritten(kind, after));
}

/** The bytes of a file that changed: a layer stores it again, even if only its mode changed. */
function rewritten(kind: ChangeFilter, after: ViewRow["after"]): number {
  return kind === "changed" || kind === "timeOnly" ? (after?.size ?? 0) : 0;
}

function addUp({ own: _, ...sums }: Totals, from: number, to: number): void {
  for (const numbers of Object.values(sums)) numbers[to] = (numbers[to] ?? 0) + (numbers[from] ?? 0);
}
