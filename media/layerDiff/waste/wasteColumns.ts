import { formatBytes } from "../../../oci/core/bytes.ts";
import type { LayerLines } from "../../protocol/messages.ts";
import { type Column, textCell } from "../../grid/column.ts";
import { setText } from "../../grid/element.ts";
import { treeCell } from "../../grid/treeCell.ts";
import { howText, layerText, type WasteGridRow, type WasteSort } from "./wasteRows.ts";
import { l10n } from "../../protocol/l10n.ts";

/** The data that all rows share. */
export interface WasteContext {
  /** The instruction of each layer, base first. */
  readonly steps: readonly string[];
  /** The Dockerfile lines of the layers; absent if unknown. */
  readonly origin?: LayerLines;
}

type WasteColumn = Column<WasteGridRow, WasteContext, WasteSort>;

/** The columns of what an image wastes, from left to right. */
export const wasteColumns: readonly WasteColumn[] = [
  {
    className: "name",
    title: l10n.t("Path"),
    widths: ["minmax(180px, 0.9fr)", "minmax(0, 1fr)", "minmax(0, 1fr)"],
    sort: { by: "path", direction: "ascending" },
    makeCell: treeCell({
      icon: ({ isFolder, isOpen }) => (isFolder ? (isOpen ? "folder-opened" : "folder") : "file"),
      letter: () => "",
    }),
    accessibilityLabel: ({ label }) => label,
  },
  {
    className: "number wasted",
    title: l10n.t("Wasted"),
    widths: ["84px", "84px", "84px"],
    sort: { by: "bytes", direction: "descending" },
    makeCell: textCell(wastedText),
    accessibilityLabel: (row) => l10n.t("{0} wasted", wastedText(row)),
  },
  {
    className: "layer quiet",
    title: l10n.t("Added by"),
    widths: ["minmax(136px, 0.3fr)", "minmax(56px, 0.3fr)"],
    makeCell: titledCell(({ waste }, context) => (waste ? layerText(waste.broughtBy, context) : "")),
    accessibilityLabel: ({ waste }) => (waste ? l10n.t("added by layer {0}", waste.broughtBy) : ""),
  },
  {
    className: "layer quiet",
    title: l10n.t("Hidden by"),
    widths: ["minmax(136px, 0.3fr)", "minmax(56px, 0.3fr)"],
    makeCell: titledCell(
      ({ waste }, context) => (waste ? layerText(waste.hiddenBy, context) : ""),
      ({ waste }) => (waste ? `${howText(waste)}\n${waste.advice}` : ""),
    ),
    accessibilityLabel: ({ waste }) => (waste ? l10n.t("hidden by layer {0}", waste.hiddenBy) : ""),
  },
  {
    className: "how quiet",
    title: l10n.t("How to save it"),
    widths: ["minmax(200px, 1fr)"],
    makeCell: titledCell(
      ({ waste }) => waste?.advice ?? "",
      ({ waste }) => (waste ? howText(waste) : ""),
    ),
    accessibilityLabel: ({ waste }) => (waste ? l10n.t("{0}; to save it: {1}", howText(waste), waste.advice) : ""),
  },
];

function wastedText({ bytes }: WasteGridRow): string {
  return formatBytes(bytes);
}

/** A cell with a tooltip for text that doesn't fit, and for further details. */
function titledCell(
  text: (row: WasteGridRow, context: WasteContext) => string,
  more?: (row: WasteGridRow) => string,
): WasteColumn["makeCell"] {
  return (cell) => (row, context) => {
    const shown = text(row, context);
    setText(cell, shown);
    cell.title = [shown, more?.(row) ?? ""].filter((part) => part !== "").join("\n");
  };
}
