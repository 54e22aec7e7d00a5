import type { DiffHeader } from "../protocol/messages.ts";
import type { DiffContext } from "./columns.ts";
import type { Filter, Totals } from "./filter.ts";
import type { Placeholder } from "./placeholder.ts";
import { filterProblem } from "./query.ts";
import type { ChangeCounts } from "./summary.ts";
import type { DiffTree } from "./tree.ts";
import type { ShownTree } from "./treemap/tiles.ts";
import type { VisibleRow } from "./visibleRows.ts";
import { l10n } from "../protocol/l10n.ts";

/** A diff that has arrived, with the rows it shows. */
export interface Loaded {
  readonly header: DiffHeader;
  readonly tree: DiffTree;
  readonly counts: ChangeCounts;
  readonly markedCount: number;
  totals: Totals;
  rows: readonly VisibleRow[];
  /** The values that the cells of these rows share. */
  context: DiffContext;
  current: number;
}

/** The content of the table, for other views of the same. */
export function shownTree({ tree, totals, header, rows, current }: Loaded): ShownTree {
  return { tree, totals, isWhole: header.isWhole === true, current: rows[current]?.node.path };
}

/**
 * The index of a path's row, or of the first one below it: folders without other content share a row. If the table has
 * none of them, its current row.
 */
export function rowOf({ rows, current }: Loaded, path: string): number {
  const own = rows.findIndex(({ node }) => node.path === path);
  const found = own >= 0 ? own : rows.findIndex(({ node }) => node.path.startsWith(`${path}/`));
  return found >= 0 ? found : current;
}

/** The paths of the folders that a path is in, the outermost first. */
export function foldersAbove(path: string): readonly string[] {
  return path.split("/").flatMap((_, index, names) => (index === 0 ? [] : [names.slice(0, index).join("/")]));
}

/** The text shown instead of rows if no row passes the filter. */
export function nothingIn({ tree }: Loaded, { text }: Filter, reset: () => void): Placeholder {
  if (tree.nodes.length === 1) return { kind: "nothing", label: l10n.t("No files differ") };
  return { kind: "nothing", label: filterProblem(text) ?? l10n.t("No changes match the filter"), reset };
}

/** `2 of 6 changes shown`; a flat list leaves folders out. */
export function statusText({ totals, header, counts, rows }: Loaded, isFlat: boolean): string {
  const matched = totals.matched[0] ?? 0;
  const rowCount = header.rowCount + counts.same.rows;
  const count = rowCount.toLocaleString("en");
  const all = header.isWhole ? l10n.t("{0} files and folders", count) : l10n.t("{0} changes", count);
  const shown = matched === rowCount ? all : l10n.t("{0} of {1} shown", matched.toLocaleString("en"), all);
  const folders = isFlat ? matched - rows.length : 0;
  return folders === 0 ? shown : l10n.t("{0}, {1} folders not listed", shown, folders.toLocaleString("en"));
}

/** A key for the sides of a request, regardless of which rows are shown. */
export function sidesOf(request: unknown): string {
  return JSON.stringify(request, (key, value: unknown) => (key === "isWhole" ? undefined : value));
}
