import type { IconName } from "../grid/iconName.ts";
import { type ChangeFilter, changeFilterOf, type Totals } from "./filter.ts";
import type { VisibleRow } from "./visibleRows.ts";
import { l10n } from "../protocol/l10n.ts";

/** The kind of change of a row; a folder that only contains changes is a `folder`. */
export type RowKind = ChangeFilter | "folder";

export function rowKind({ own }: VisibleRow): RowKind {
  return own === undefined ? "folder" : changeFilterOf(own);
}

/** The letter after a row's name, as source control shows it. */
export const letters: Readonly<Record<RowKind, string>> = {
  added: "A",
  changed: "M",
  removed: "D",
  timeOnly: "T",
  same: "",
  folder: "",
};

/** The words that screen readers read instead of the letter. */
export const spokenKinds: Readonly<Record<RowKind, string>> = {
  added: l10n.t("added"),
  changed: l10n.t("changed"),
  removed: l10n.t("removed"),
  timeOnly: l10n.t("time changed"),
  same: l10n.t("unchanged"),
  folder: "",
};

/** Counts the rows in a folder that pass the filter by kind of change: `+12 ~3 −1`. */
export function folderCounts({ node, own }: VisibleRow, { added, changed, removed }: Totals): string {
  const kind = own === undefined ? undefined : changeFilterOf(own);
  const count = (numbers: Int32Array, isOwn: boolean): number => (numbers[node.index] ?? 0) - Number(isOwn);
  const counts: readonly (readonly [string, number])[] = [
    ["+", count(added, kind === "added")],
    ["~", count(changed, kind === "changed" || kind === "timeOnly")],
    ["−", count(removed, kind === "removed")],
  ];
  return counts.flatMap(([sign, number]) => (number > 0 ? [`${sign}${number.toLocaleString("en")}`] : [])).join("  ");
}

/** The codicon of a row. */
export function iconOf({ isFolder, isOpen, node }: VisibleRow): IconName {
  const kind = (node.row?.after ?? node.row?.before)?.kind;
  if (kind === "symlink") return "file-symlink-file";
  if (kind === "hardlink") return "link";
  if (isFolder) return isOpen ? "folder-opened" : "folder";
  return kind === "file" ? "file" : "plug";
}
