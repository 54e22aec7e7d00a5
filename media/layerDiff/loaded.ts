import type { DiffHeader } from "../protocol/messages.ts";
import type { Totals } from "./filter.ts";
import type { ChangeCounts } from "./summary.ts";
import type { DiffTree } from "./tree.ts";
import type { VisibleRow } from "./visibleRows.ts";

/** A diff that has arrived, with the rows it shows. */
export interface Loaded {
  readonly header: DiffHeader;
  readonly tree: DiffTree;
  readonly counts: ChangeCounts;
  readonly markedCount: number;
  totals: Totals;
  rows: readonly VisibleRow[];
  current: number;
}

/** `2 of 6 changes shown`; a flat list leaves folders out. */
export function statusText({ totals, header, counts, rows }: Loaded, isFlat: boolean): string {
  const matched = totals.matched[0] ?? 0;
  const rowCount = header.rowCount + counts.same.rows;
  const what = header.isWhole ? "files and folders" : "changes";
  const all = `${rowCount.toLocaleString("en")} ${what}`;
  const shown = matched === rowCount ? all : `${matched.toLocaleString("en")} of ${all} shown`;
  const folders = isFlat ? matched - rows.length : 0;
  return folders === 0 ? shown : `${shown}, without ${folders.toLocaleString("en")} of folders`;
}

/** A key for the sides of a request, regardless of which rows are shown. */
export function sidesOf(request: unknown): string {
  return JSON.stringify(request, (key, value: unknown) => (key === "isWhole" ? undefined : value));
}
