import type { PackedRows, ViewEntry, ViewRow } from "./messages.ts";

/** A row without what differs from row to row; sizes and times are 0. */
type Look = Omit<ViewRow, "path" | "deltaBytes">;

/** A row: the index of its look, how many characters of the path before it has, the rest of its path, and numbers. */
type Cells = readonly [
  look: number,
  shared: number,
  rest: string,
  deltaBytes: number,
  beforeSize: number,
  beforeMs: number,
  afterSize: number,
  afterMs: number,
];

/** Packs rows; most rows of a diff look like others. */
export function packRows(rows: readonly ViewRow[]): PackedRows {
  const looks: Look[] = [];
  const indexes = new Map<string, number>();
  let last = "";
  const cells = rows.map(({ path, deltaBytes, before, after, ...others }): Cells => {
    const look: Look = { ...others, ...(before && { before: bare(before) }), ...(after && { after: bare(after) }) };
    const key = JSON.stringify(look);
    const index = indexes.get(key) ?? looks.push(look) - 1;
    indexes.set(key, index);
    const shared = sharedLength(last, path);
    last = path;
    const { size: beforeSize = 0, mtimeMs: beforeMs = 0 } = before ?? {};
    const { size: afterSize = 0, mtimeMs: afterMs = 0 } = after ?? {};
    return [index, shared, path.slice(shared), deltaBytes, beforeSize, beforeMs, afterSize, afterMs];
  });
  return JSON.stringify([looks, cells]) as PackedRows;
}

/** The rows of a text that `packRows` made. */
export function unpackRows(packed: PackedRows): readonly ViewRow[] {
  const [looks, cells] = JSON.parse(packed) as [readonly Look[], readonly Cells[]];
  let path = "";
  return cells.flatMap(([index, shared, rest, deltaBytes, beforeSize, beforeMs, afterSize, afterMs]) => {
    const look = looks[index];
    path = path.slice(0, shared) + rest;
    if (look === undefined) return [];
    const { before, after } = look;
    return {
      ...look,
      path,
      deltaBytes,
      ...(before && { before: { ...before, size: beforeSize, mtimeMs: beforeMs } }),
      ...(after && { after: { ...after, size: afterSize, mtimeMs: afterMs } }),
    };
  });
}

function bare(entry: ViewEntry): ViewEntry {
  return { ...entry, size: 0, mtimeMs: 0 };
}

function sharedLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
