import { formatBytes } from "../../../oci/core/bytes.ts";
import type { FoundChange, FoundRow, SearchReport } from "../../protocol/messages.ts";
import { type Column, textCell } from "../../grid/column.ts";
import { treeCell } from "../../grid/treeCell.ts";
import type { ListRow } from "../list/listBody.ts";
import { versionMenu } from "../rowMenu.ts";
import { layerText } from "../waste/wasteRows.ts";
import { l10n } from "../../protocol/l10n.ts";

/** The change of a path by one layer. */
export interface SearchRow extends ListRow {
  readonly found: FoundRow;
}

export interface SearchContext {
  /** The instruction of each layer, base first. */
  readonly steps: readonly string[];
}

/** One row for each layer that changed a path, by path. */
export function searchRows({ rows }: SearchReport): readonly SearchRow[] {
  return rows.map((found, index) => ({
    found,
    // A path that a layer removed is opened as of the layer below.
    menu: versionMenu(
      found.path,
      found.change === "removed" ? found.layerIndex : found.layerIndex + 1,
      found.isFile ? "file" : "other",
    ),
    path: `${found.path} ${found.layerIndex}`,
    label: found.path,
    tip: `/${found.path}`,
    level: 1,
    isFolder: false,
    isOpen: false,
    position: index + 1,
    siblings: rows.length,
  }));
}

/** `3 paths in 4 layers`. */
export function searchStatus({ rows, pathCount, shownPaths, unreadCount }: SearchReport): string {
  const layers = new Set(rows.map(({ layerIndex }) => layerIndex)).size;
  const paths = pathCount === 1 ? l10n.t("1 path") : l10n.t("{0} paths", pathCount.toLocaleString("en"));
  const found = layers === 1 ? l10n.t("{0} in 1 layer", paths) : l10n.t("{0} in {1} layers", paths, layers);
  const listed = pathCount > shownPaths ? l10n.t("{0}, the first {1} listed", found, shownPaths) : found;
  return unreadCount === 0 ? listed : l10n.t("{0}; {1} of the layers can't be read", listed, unreadCount);
}

const changeWords: Readonly<Record<FoundChange, string>> = {
  added: l10n.t("added"),
  replaced: l10n.t("changed"),
  metadata: l10n.t("attributes changed"),
  identical: l10n.t("stored again, identical"),
  removed: l10n.t("removed"),
};

/** The class of a row, for its colours. */
export function searchRowClass({ found }: SearchRow): string {
  return found.change === "added" || found.change === "removed" ? found.change : "changed";
}

export const searchColumns: readonly Column<SearchRow, SearchContext, "path">[] = [
  {
    className: "name",
    title: l10n.t("Path"),
    widths: ["minmax(180px, 1fr)", "minmax(0, 1fr)", "minmax(0, 1fr)"],
    sort: { by: "path", direction: "ascending" },
    makeCell: treeCell({ icon: ({ found }) => (found.isFile ? "file" : "folder"), letter: () => "" }),
    accessibilityLabel: ({ label }) => label,
  },
  {
    className: "what quiet",
    title: l10n.t("What"),
    widths: ["minmax(90px, 0.25fr)", "minmax(90px, 0.25fr)"],
    makeCell: textCell(({ found }) => changeWords[found.change]),
    accessibilityLabel: ({ found }) => changeWords[found.change],
  },
  {
    className: "number size",
    title: l10n.t("Size"),
    widths: ["84px", "84px", "76px"],
    makeCell: textCell(({ found }) => (found.isFile && found.size !== undefined ? formatBytes(found.size) : "")),
    accessibilityLabel: ({ found }) => (found.size === undefined ? "" : formatBytes(found.size)),
  },
  {
    className: "layer quiet",
    title: l10n.t("Layer"),
    widths: ["minmax(140px, 0.7fr)", "minmax(80px, 0.5fr)", "64px"],
    makeCell: textCell(({ found }, context) => layerText(found.layerIndex + 1, context)),
    accessibilityLabel: ({ found }) => l10n.t("layer {0}", found.layerIndex + 1),
  },
];
