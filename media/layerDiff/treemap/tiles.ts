import type { Totals } from "../filter.ts";
import { type DiffTree, isFolder, type TreeNode } from "../tree.ts";
import { type Rectangle, squarify } from "./squarify.ts";

/** The content of the table: the rows that pass its filter. */
export interface ShownTree {
  readonly tree: DiffTree;
  readonly totals: Totals;
  /** True if the whole file system is shown, not only changes. */
  readonly isWhole: boolean;
  /** The path of the table's current row. */
  readonly current?: string | undefined;
}

/** A file or folder as a rectangle; a folder's content lies on it. */
export interface Tile {
  readonly node: TreeNode;
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly at: Rectangle;
  /** 1 for what the zoomed folder holds. */
  readonly level: number;
  /** Its position among its siblings, largest first, from 1, and their number. */
  readonly position: number;
  readonly siblings: number;
}

/** The height of a folder's name above its content, in pixels. */
const titleHeight = 18;
/** A folder of less than this, in pixels, is drawn without its content. */
const minInside = { width: 60, height: 48 };
/** Smaller tiles can't be seen or hit, in pixels. */
const minSide = 3;
/** More tiles would take longer than a frame to draw. */
const maxTiles = 1500;

/**
 * The bytes that a tile stands for: of a whole file system what is there, of changes what was
 * written or removed.
 */
export function bytesOf({ totals, isWhole }: ShownTree, { index }: TreeNode): number {
  return (isWhole ? totals.size : totals.written)[index] ?? 0;
}

/** The tiles of a folder's content, each folder before what lies on it, the largest first. */
export function tilesOf(shown: ShownTree, folder: TreeNode, within: Rectangle): readonly Tile[] {
  const tiles: Tile[] = [];
  const pending: Area[] = [{ folder, within, level: 1 }];
  for (let next = pending.shift(); next && tiles.length < maxTiles; next = pending.shift()) {
    for (const tile of levelTiles(shown, next).slice(0, maxTiles - tiles.length)) {
      tiles.push(tile);
      const inside = insideOf(tile);
      if (inside) pending.push({ folder: tile.node, within: inside, level: tile.level + 1 });
    }
  }
  return tiles;
}

interface Area {
  readonly folder: TreeNode;
  readonly within: Rectangle;
  readonly level: number;
}

function levelTiles(shown: ShownTree, { folder, within, level }: Area): readonly Tile[] {
  const children = folder.children
    .flatMap((index) => shown.tree.nodes[index] ?? [])
    .map((node) => ({ node, bytes: bytesOf(shown, node) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  const places = squarify(
    children.map(({ bytes }) => bytes),
    within,
  );
  return children.flatMap(({ node, bytes }, index): readonly Tile[] => {
    const at = places[index];
    if (!at || at.width < minSide || at.height < minSide) return [];
    return [{ node, bytes, at, level, isFolder: isFolder(node), position: index + 1, siblings: children.length }];
  });
}

function insideOf({ isFolder: hasContent, at }: Tile): Rectangle | undefined {
  if (!hasContent || at.width < minInside.width || at.height < minInside.height) return undefined;
  return { x: at.x + 2, y: at.y + titleHeight, width: at.width - 4, height: at.height - titleHeight - 2 };
}
