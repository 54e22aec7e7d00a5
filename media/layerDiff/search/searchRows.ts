import { formatBytes } from "../../../oci/core/bytes.ts";
import type { FoundChange, FoundRow, SearchReport } from "../../protocol/messages.ts";
import { type Column, textCell } from "../../grid/column.ts";
import { treeCell } from "../../grid/treeCell.ts";
import type { ListRow } from "../list/listBody.ts";
import { versionMenu } from "../rowMenu.ts";
import { layerText } from "../waste/wasteRows.ts";

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
  const paths = `${pathCount.toLocaleString("en")} ${pathCount === 1 ? "path" : "paths"}`;
  const all = pathCount > shownPaths ? `, the first ${shownPaths} listed` : "";
  const unread = unreadCount === 0 ? "" : `; ${unreadCount} of the layers can't be read`;
  return `${paths} in ${layers} ${layers === 1 ? "layer" : "layers"}${all}${unread}`;
}

const changeWords: Readonly<Record<FoundChange, string>> = {
  added: "added",
  replaced: "changed",
  metadata: "attributes changed",
  identical: "stored again, identical",
  removed: "removed",
};

/** The class of a row, for its colours. */
export function searchRowClass({ found }: SearchRow): string {
  return found.change === "added" || found.change === "removed" ? found.change : "changed";
}

export const searchColumns: readonly Column<SearchRow, SearchContext, "path">[] = [
  {
    className: "name",
    title: "Path",
    widths: ["minmax(180px, 1fr)", "minmax(0, 1fr)", "minmax(0, 1fr)"],
    sort: { by: "path", direction: "ascending" },
    makeCell: treeCell({ icon: ({ found }) => (found.isFile ? "file" : "folder"), letter: () => "" }),
    accessibilityLabel: ({ label }) => label,
  },
  {
    className: "what quiet",
    title: "What",
    widths: ["minmax(90px, 0.25fr)", "minmax(90px, 0.25fr)"],
    makeCell: textCell(({ found }) => changeWords[found.change]),
    accessibilityLabel: ({ found }) => changeWords[found.change],
  },
  {
    className: "number size",
    title: "Size",
    widths: ["84px", "84px", "76px"],
    makeCell: textCell(({ found }) => (found.isFile && found.size !== undefined ? formatBytes(found.size) : "")),
    accessibilityLabel: ({ found }) => (found.size === undefined ? "" : formatBytes(found.size)),
  },
  {
    className: "layer quiet",
    title: "Layer",
    widths: ["minmax(140px, 0.7fr)", "minmax(80px, 0.5fr)", "64px"],
    makeCell: textCell(({ found }, context) => layerText(found.layerIndex + 1, context)),
    accessibilityLabel: ({ found }) => `layer ${found.layerIndex + 1}`,
  },
];
