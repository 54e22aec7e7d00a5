import { type Column, textCell } from "../grid/column.ts";
import { formatBytes } from "../../oci/core/bytes.ts";
import { element, setText } from "../grid/element.ts";
import { treeCell } from "../grid/treeCell.ts";
import { changedWords, deltaText, sizeText } from "./attributes.ts";
import type { Totals } from "./filter.ts";
import { folderCounts, iconOf, letters, rowKind, spokenKinds } from "./rowTexts.ts";
import type { SortOrder, VisibleRow } from "./visibleRows.ts";
import { l10n } from "../protocol/l10n.ts";

/** The values that the cells of all rows share. */
export interface DiffContext {
  readonly totals: Totals;
  /** The largest |delta| of all rows, which the longest bar shows. */
  readonly largestDelta: number;
  /** True if the whole newer file system is shown, so that folders have a size. */
  readonly isWhole: boolean;
}

export type DiffColumn = Column<VisibleRow, DiffContext, SortOrder>;

/** The columns of the diff, from left to right. Header, cells and widths of each are all here. */
export const diffColumns: readonly DiffColumn[] = [
  {
    className: "name",
    title: l10n.t("Name"),
    widths: ["minmax(180px, 1fr)", "minmax(0, 1fr)", "minmax(0, 1fr)"],
    sort: { by: "path", direction: "ascending" },
    makeCell: treeCell({ icon: iconOf, letter: (row) => letters[rowKind(row)] }),
    accessibilityLabel: (row) => [row.label, spokenKinds[rowKind(row)]].filter((part) => part !== "").join(", "),
  },
  {
    className: "number before quiet",
    title: l10n.t("Before"),
    widths: ["72px"],
    makeCell: textCell(({ own }) => sizeText(own?.before)),
  },
  {
    className: "number after quiet",
    title: l10n.t("After"),
    widths: ["72px", "76px"],
    sort: { by: "size", direction: "descending" },
    makeCell: textCell(afterText),
    accessibilityLabel: (row, context) => (context.isWhole ? afterText(row, context) : ""),
  },
  {
    className: "number delta",
    title: l10n.t("Size change"),
    widths: ["100px", "104px", "104px"],
    sort: { by: "delta", direction: "descending" },
    makeCell: (cell) => (row, context) => {
      setText(cell, deltaText(deltaOf(row, context)));
      markSign(cell, deltaOf(row, context));
    },
    accessibilityLabel: (row, context) => deltaText(deltaOf(row, context)),
  },
  {
    className: "share",
    widths: ["56px"],
    makeCell: (cell) => {
      const bar = element("div", { class: "bar" });
      cell.append(bar);
      return (row, context) => {
        const { largestDelta } = context;
        const bytes = deltaOf(row, context);
        markSign(bar, bytes);
        bar.style.width = `${largestDelta === 0 ? 0 : (100 * Math.abs(bytes)) / largestDelta}%`;
      };
    },
  },
  {
    className: "what quiet",
    title: l10n.t("What changed"),
    widths: ["minmax(100px, 0.28fr)", "minmax(96px, 0.3fr)"],
    makeCell: textCell(whatChanged),
    accessibilityLabel: whatChanged,
  },
];

/** The size after the change; for a folder the size of its content, if the whole file system is shown. */
function afterText({ node, own, isFolder }: VisibleRow, { totals, isWhole }: DiffContext): string {
  if (!isFolder) return sizeText(own?.after);
  return isWhole ? formatBytes(totals.size[node.index] ?? 0) : "";
}

export function diffContext(rows: readonly VisibleRow[], totals: Totals, isWhole: boolean): DiffContext {
  const deltas = rows.map(({ node }) => Math.abs(totals.delta[node.index] ?? 0));
  return { totals, isWhole, largestDelta: deltas.reduce((largest, delta) => Math.max(largest, delta), 0) };
}

function deltaOf({ node }: VisibleRow, { totals }: DiffContext): number {
  return totals.delta[node.index] ?? 0;
}

function markSign({ classList }: HTMLElement, bytes: number): void {
  classList.toggle("more", bytes > 0);
  classList.toggle("less", bytes < 0);
}

function whatChanged(row: VisibleRow, { totals }: DiffContext): string {
  if (row.isFolder && row.node.children.length > 0) return folderCounts(row, totals);
  if (row.own === undefined) return "";
  // The marks come first because narrow columns cut the end off.
  return [(row.own.marks ?? []).join(", "), changedWords(row.own)].filter((part) => part !== "").join(" · ");
}
