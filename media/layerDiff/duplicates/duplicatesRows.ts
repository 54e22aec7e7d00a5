import { formatBytes } from "../../../oci/core/bytes.ts";
import type { DuplicatesReport } from "../../protocol/messages.ts";
import { type Column, textCell } from "../../grid/column.ts";
import { treeCell } from "../../grid/treeCell.ts";
import type { ListRow } from "../list/listBody.ts";
import { pathMatcher } from "../../../oci/core/match/pathMatcher.ts";
import { versionMenu } from "../rowMenu.ts";
import { layerText } from "../waste/wasteRows.ts";
import { l10n } from "../../protocol/l10n.ts";

/** A group of copies, or one of them. */
export interface DuplicateRow extends ListRow {
  /** For a group: the bytes that all but one copy ship. */
  readonly wastedBytes: number | undefined;
  readonly size: number;
  /** For a copy: the layer that added it, from 1. */
  readonly layer: number | undefined;
}

export interface DuplicatesContext {
  /** The instruction of each layer, base first. */
  readonly steps: readonly string[];
}

/** The groups with a copy whose path matches, each followed by its copies if it is open. */
export function duplicateRows(
  { groups }: DuplicatesReport,
  text: string,
  isOpen: (path: string) => boolean,
): readonly DuplicateRow[] {
  const matches = pathMatcher(text);
  const shown = groups.filter(({ copies }) => matches && copies.some(({ path }) => matches(path)));
  return shown.flatMap(({ size, wastedBytes, copyCount, copies }, index): readonly DuplicateRow[] => {
    const [first] = copies;
    if (!first) return [];
    const path = `group ${first.path}`;
    const group: DuplicateRow = {
      wastedBytes,
      size,
      layer: undefined,
      menu: { ...versionMenu(first.path, first.layer, "file"), hasAfter: false, isFile: false },
      path,
      label: `${copyCount} × ${nameOf(first.path)}`,
      tip: l10n.t("{0} files with the same content", copyCount),
      level: 1,
      isFolder: true,
      isOpen: isOpen(path),
      position: index + 1,
      siblings: shown.length,
    };
    return group.isOpen
      ? [group, ...copies.map((copy, at) => copyRow(copy, { size, at, of: copies.length }))]
      : [group];
  });
}

function copyRow(
  { path, layer }: DuplicatesReport["groups"][number]["copies"][number],
  { size, at, of }: { readonly size: number; readonly at: number; readonly of: number },
): DuplicateRow {
  return {
    wastedBytes: undefined,
    size,
    layer,
    menu: versionMenu(path, layer, "file"),
    path,
    label: path,
    tip: `/${path}`,
    level: 2,
    isFolder: false,
    isOpen: false,
    position: at + 1,
    siblings: of,
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export const duplicatesColumns: readonly Column<DuplicateRow, DuplicatesContext, "bytes">[] = [
  {
    className: "name",
    title: l10n.t("Files"),
    widths: ["minmax(180px, 1fr)", "minmax(0, 1fr)", "minmax(0, 1fr)"],
    makeCell: treeCell({ icon: ({ isFolder }) => (isFolder ? "files" : "file"), letter: () => "" }),
    accessibilityLabel: ({ label }) => label,
  },
  {
    className: "number size quiet",
    title: l10n.t("Size"),
    widths: ["84px", "84px"],
    makeCell: textCell(({ size }) => formatBytes(size)),
    accessibilityLabel: ({ size }) => l10n.t("{0} each", formatBytes(size)),
  },
  {
    className: "number wasted",
    title: l10n.t("In copies"),
    widths: ["96px", "96px", "84px"],
    sort: { by: "bytes", direction: "descending" },
    makeCell: textCell(copiesText),
    accessibilityLabel: (row) => (row.wastedBytes === undefined ? "" : l10n.t("{0} in copies", copiesText(row))),
  },
  {
    className: "layer quiet",
    title: l10n.t("Added by"),
    widths: ["minmax(140px, 0.7fr)", "minmax(80px, 0.5fr)"],
    makeCell: textCell(({ layer }, context) => (layer === undefined ? "" : layerText(layer, context))),
    accessibilityLabel: ({ layer }) => (layer === undefined ? "" : l10n.t("added by layer {0}", layer)),
  },
];

function copiesText({ wastedBytes }: DuplicateRow): string {
  return wastedBytes === undefined ? "" : formatBytes(wastedBytes);
}
