import { digestBytes, type EntryColumns, type EntryDetails, type LayerEntry } from "../entry.ts";
import { makeFloat64, makeUint16, makeUint32, makeUint8, withRoom } from "./arrays.ts";

/** Columns to which rows are still being added. */
export type OpenRows = { -readonly [K in keyof EntryColumns]: EntryColumns[K] };

export function createRows(length: number): OpenRows {
  return {
    paths: makeUint32(length),
    kinds: makeUint8(length),
    modes: makeUint16(length),
    owners: makeUint32(length),
    sizes: makeFloat64(length),
    mtimes: makeFloat64(length),
    links: makeUint32(length),
    offsets: makeFloat64(length),
    flags: makeUint8(length),
    digests: makeUint8(length * digestBytes),
  };
}

/** Makes room for the given number of rows. */
export function growRows(rows: OpenRows, length: number): void {
  if (length <= rows.paths.length) return;
  rows.paths = withRoom(rows.paths, length, makeUint32);
  rows.kinds = withRoom(rows.kinds, length, makeUint8);
  rows.modes = withRoom(rows.modes, length, makeUint16);
  rows.owners = withRoom(rows.owners, length, makeUint32);
  rows.sizes = withRoom(rows.sizes, length, makeFloat64);
  rows.mtimes = withRoom(rows.mtimes, length, makeFloat64);
  rows.links = withRoom(rows.links, length, makeUint32);
  rows.offsets = withRoom(rows.offsets, length, makeFloat64);
  rows.flags = withRoom(rows.flags, length, makeUint8);
  rows.digests = withRoom(rows.digests, length * digestBytes, makeUint8);
}

/** The first `count` rows as views of the columns, which may not change then: copies of a million rows take 70 MB. */
export function firstRows(rows: OpenRows, count: number): EntryColumns {
  return {
    paths: rows.paths.subarray(0, count),
    kinds: rows.kinds.subarray(0, count),
    modes: rows.modes.subarray(0, count),
    owners: rows.owners.subarray(0, count),
    sizes: rows.sizes.subarray(0, count),
    mtimes: rows.mtimes.subarray(0, count),
    links: rows.links.subarray(0, count),
    offsets: rows.offsets.subarray(0, count),
    flags: rows.flags.subarray(0, count),
    digests: rows.digests.subarray(0, count * digestBytes),
  };
}

/** The picked rows, in their order. */
export function pickRows(rows: OpenRows, picked: readonly number[]): EntryColumns {
  const result = createRows(picked.length);
  for (const [place, row] of picked.entries()) {
    result.paths[place] = rows.paths[row] ?? 0;
    result.kinds[place] = rows.kinds[row] ?? 0;
    result.modes[place] = rows.modes[row] ?? 0;
    result.owners[place] = rows.owners[row] ?? 0;
    result.sizes[place] = rows.sizes[row] ?? 0;
    result.mtimes[place] = rows.mtimes[row] ?? 0;
    result.links[place] = rows.links[row] ?? 0;
    result.offsets[place] = rows.offsets[row] ?? 0;
    result.flags[place] = rows.flags[row] ?? 0;
    result.digests.set(rows.digests.subarray(row * digestBytes, (row + 1) * digestBytes), place * digestBytes);
  }
  return result;
}

/** Writes a digest given as 64 hex digits. */
export function writeDigest(digests: Uint8Array, row: number, hex: string): void {
  for (let index = 0; index < digestBytes; index++)
    digests[row * digestBytes + index] =
      (digitOf(hex.charCodeAt(index * 2)) << 4) | digitOf(hex.charCodeAt(index * 2 + 1));
}

/** `0` to `9` and `a` to `f`. */
function digitOf(code: number): number {
  return code < 0x40 ? code - 0x30 : code - 0x57;
}

/** The rare attributes of an entry as JSON; undefined if it has none. */
export function detailsOf({ writtenPath, deviceMajor, deviceMinor, xattrs }: LayerEntry): string | undefined {
  if (writtenPath === undefined && deviceMajor === undefined && deviceMinor === undefined && xattrs === undefined)
    return undefined;
  const details: { [K in keyof EntryDetails]: EntryDetails[K] | undefined } = {
    writtenPath,
    deviceMajor,
    deviceMinor,
    xattrs,
  };
  return JSON.stringify(details);
}
