import type { RowMenu } from "../protocol/messages.ts";
import type { VisibleRow } from "./visibleRows.ts";
import type { WasteGridRow } from "./wasteRows.ts";

/** What VS Code's menu and its commands are told of a row of the changes. A folder that didn't change is on both sides. */
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

/** Links too: what they lead to is opened. */
const openable: ReadonlySet<string> = new Set(["file", "hardlink", "symlink"]);

/** The same of a hidden version: that of the layer that brought it. */
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
