import type { RowMenu, WasteRow } from "../protocol/messages.ts";
import type { VisibleRow } from "./visibleRows.ts";

/** The context of a row of changes for VS Code's menu and its commands. An unchanged folder is on both sides. */
export function rowMenu({ node, own }: VisibleRow): RowMenu {
  const kinds = [own?.before?.kind, own?.after?.kind].filter((kind) => kind !== undefined);
  return {
    webviewSection: "layerFile",
    path: node.path,
    ...(own?.from !== undefined && { from: own.from }),
    hasBefore: own === undefined || own.before !== undefined,
    hasAfter: own === undefined || own.after !== undefined,
    isFile: kinds.length > 0 && kinds.every((kind) => openable.has(kind)),
  };
}

/** Includes links: their targets are opened. */
const openable: ReadonlySet<string> = new Set(["file", "hardlink", "symlink"]);

/** The same of a hidden version: that of the layer that brought it. */
export function wasteRowMenu({ path, broughtBy }: WasteRow): RowMenu {
  return versionMenu(path, broughtBy, "file");
}

/** The menu context of a path in one layer of the newer side's image; layers count from 1. */
export function versionMenu(path: string, layer: number, kind: "file" | "other"): RowMenu {
  return {
    webviewSection: "layerFile",
    path,
    hasBefore: false,
    hasAfter: true,
    isFile: kind === "file",
    layerCount: layer,
  };
}
