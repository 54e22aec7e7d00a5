import { formatBytes } from "../../../oci/core/bytes.ts";
import type { RowMenu, WasteRow } from "../../protocol/messages.ts";
import { wasteRowMenu } from "../rowMenu.ts";
import { compareRows, type WasteGridRow, type WasteSort } from "./wasteRows.ts";
import { l10n } from "../../protocol/l10n.ts";

/** A folder with all waste in it, or one hidden version of a file. */
interface WasteNode {
  readonly path: string;
  name: string;
  readonly waste?: WasteRow;
  bytes: number;
  count: number;
  readonly folders: Map<string, WasteNode>;
  readonly files: WasteNode[];
}

/** Hidden versions under their folders, each with its sum. Chains of single folders share a row. */
export function wasteTreeRows(
  found: readonly WasteRow[],
  sort: WasteSort,
  isOpen: (path: string) => boolean,
): readonly WasteGridRow[] {
  const rows: WasteGridRow[] = [];
  const pending = levelRows(treeOf(found), 1, { sort, isOpen }).reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    rows.push(next.row);
    if (next.row.isOpen) pending.push(...levelRows(next.node, next.row.level + 1, { sort, isOpen }).reverse());
  }
  return rows;
}

function treeOf(found: readonly WasteRow[]): WasteNode {
  const root = folder("", "");
  for (const waste of found) {
    const names = waste.path.split("/");
    let node = add(root, waste.bytes);
    for (const [index, name] of names.slice(0, -1).entries()) {
      const next = node.folders.get(name) ?? folder(names.slice(0, index + 1).join("/"), name);
      node.folders.set(name, next);
      node = add(next, waste.bytes);
    }
    node.files.push({ ...folder(waste.path, names.at(-1) ?? ""), waste, bytes: waste.bytes, count: 1 });
  }
  return root;
}

function folder(path: string, name: string): WasteNode {
  return { path, name, bytes: 0, count: 0, folders: new Map(), files: [] };
}

function add(node: WasteNode, bytes: number): WasteNode {
  node.bytes += bytes;
  node.count++;
  return node;
}

interface Showing {
  readonly sort: WasteSort;
  isOpen(path: string): boolean;
}

function levelRows(
  parent: WasteNode,
  level: number,
  { sort, isOpen }: Showing,
): { readonly node: WasteNode; readonly row: WasteGridRow }[] {
  const nodes = [...[...parent.folders.values()].map(compact), ...parent.files].sort((a, b) => compareRows(sort, a, b));
  return nodes.map((node, index) => {
    const isFolder = node.waste === undefined;
    const row: WasteGridRow = {
      ...(node.waste && { waste: node.waste }),
      bytes: node.bytes,
      menu: node.waste ? wasteRowMenu(node.waste) : folderMenu(node.path),
      path: node.waste ? `${node.path} ${node.waste.broughtBy}` : node.path,
      label: node.name,
      tip: isFolder ? `/${node.path}: ${hiddenFiles(node.count)}, ${formatBytes(node.bytes)}` : `/${node.path}`,
      level,
      isFolder,
      isOpen: isFolder && isOpen(node.path),
      position: index + 1,
      siblings: nodes.length,
    };
    return { node, row };
  });
}

/** Joins a folder with the only folder it contains into one row: `var/lib/apt`. */
function compact(first: WasteNode): WasteNode {
  let node = first;
  let name = first.name;
  for (;;) {
    const [only] = node.folders.values();
    if (only === undefined || node.folders.size > 1 || node.files.length > 0) return { ...node, name };
    node = only;
    name += `/${only.name}`;
  }
}

/** `1 hidden file`, `1,204 hidden files`. */
export function hiddenFiles(count: number): string {
  return count === 1 ? l10n.t("1 hidden file") : l10n.t("{0} hidden files", count.toLocaleString("en"));
}

function folderMenu(path: string): RowMenu {
  return { webviewSection: "layerFile", path, hasBefore: false, hasAfter: false, isFile: false };
}
