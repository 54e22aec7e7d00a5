import type { RowMenu } from "../protocol/messages.ts";
import type { VisibleRow } from "./visibleRows.ts";
import type { WasteGridRow } from "./wasteRows.ts";

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

/** The same for a hidden version, which is in the layer that added it. */
export function wasteRowMenu({ waste }: WasteGridRow): RowMenu {
  return {
    webviewSection: "layerFile",
    path: waste.path,
    hasBefore: false,
    hasAfter: true,
    isFile: true,
    layerCount: waste.broughtBy,
  };
}
