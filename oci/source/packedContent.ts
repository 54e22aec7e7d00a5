import { contentBytes } from "../core/bytes.ts";
import type { NumberArray } from "../core/columns/arrays.ts";
import type { LayerContent } from "../core/entry.ts";

/**
 * Packs a content into one byte array: a short JSON header with the length of each column, then the columns, each
 * aligned to 8 bytes. Unpacking needs no parsing because the columns are views of the bytes. Byte order is the
 * machine's, since threads and caches stay on it.
 */
export function packContent(content: LayerContent): Uint8Array<ArrayBuffer> {
  const columns = columnsOf(content);
  const text = textBytes(content.texts.all);
  const header: Header = {
    entryCount: content.entryCount,
    overwrittenCount: content.overwrittenCount,
    contentBytes: content.contentBytes,
    encoding: text.encoding,
    textBytes: text.bytes.length,
    lengths: columns.map(({ length }) => length),
  };
  const json = Buffer.from(JSON.stringify(header));
  let end = aligned(headerStart + json.length);
  const places = columns.map((column) => {
    const start = end;
    end = aligned(end + column.byteLength);
    return start;
  });
  const packed = new Uint8Array(end + text.bytes.length);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, headerStart);
  for (const [index, column] of columns.entries())
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), places[index]);
  packed.set(text.bytes, end);
  return packed;
}

/** The content of packed bytes, which must not change afterwards; undefined for anything else. */
export function unpackContent(packed: Uint8Array): LayerContent | undefined {
  const bytes = packed.byteOffset % alignment === 0 ? packed : packed.slice();
  const header = readHeader(bytes);
  if (!header) return undefined;
  const reading: Reading = { bytes, end: header.end, lengths: header.value.lengths.values() };
  const columns = readColumns(reading);
  const { entryCount, overwrittenCount, encoding, textBytes: length } = header.value;
  if (reading.end + length !== bytes.length) return undefined;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset + reading.end, length).toString(encoding);
  const { textEnds: ends, ...rest } = columns;
  return {
    entryCount,
    overwrittenCount,
    contentBytes: contentBytes(header.value.contentBytes),
    ...rest,
    texts: { all, ends },
  };
}

/** The approximate size of a content in memory, in bytes. */
export function sizeInMemory(content: LayerContent): number {
  return columnsOf(content).reduce((sum, { byteLength }) => sum + byteLength, content.texts.all.length + 1000);
}

interface Header {
  readonly entryCount: number;
  readonly overwrittenCount: number;
  readonly contentBytes: number;
  readonly encoding: "latin1" | "utf16le";
  readonly textBytes: number;
  /** The length of each column. */
  readonly lengths: readonly number[];
}

const headerStart = 8;
const alignment = 8;

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** Encodes text. Most names are Latin-1, which takes half the bytes. */
function textBytes(text: string): { readonly encoding: Header["encoding"]; readonly bytes: Buffer } {
  const latin = Buffer.from(text, "latin1");
  return latin.toString("latin1") === text
    ? { encoding: "latin1", bytes: latin }
    : { encoding: "utf16le", bytes: Buffer.from(text, "utf16le") };
}

function columnsOf({ paths, rows, owners, details, texts, whiteouts, opaqueDirectories }: LayerContent): NumberArray[] {
  return [
    paths.parents,
    paths.names,
    rows.paths,
    rows.kinds,
    rows.modes,
    rows.owners,
    rows.sizes,
    rows.mtimes,
    rows.links,
    rows.offsets,
    rows.flags,
    rows.digests,
    owners.uids,
    owners.gids,
    owners.userNames,
    owners.groupNames,
    details.rows,
    details.texts,
    texts.ends,
    whiteouts,
    opaqueDirectories,
  ];
}

type Columns = Pick<LayerContent, "paths" | "rows" | "owners" | "details" | "whiteouts" | "opaqueDirectories"> & {
  readonly textEnds: Uint32Array;
};

interface Reading {
  readonly bytes: Uint8Array;
  readonly lengths: Iterator<number>;
  /** The offset of the next column. */
  end: number;
}

/** Reads columns in the order of {@link columnsOf}: members of an object literal are evaluated in source order. */
function readColumns(reading: Reading): Columns {
  return {
    paths: { parents: uint32(reading), names: uint32(reading) },
    rows: {
      paths: uint32(reading),
      kinds: uint8(reading),
      modes: new Uint16Array(...place(reading, Uint16Array.BYTES_PER_ELEMENT)),
      owners: uint32(reading),
      sizes: float64(reading),
      mtimes: float64(reading),
      links: uint32(reading),
      offsets: float64(reading),
      flags: uint8(reading),
      digests: uint8(reading),
    },
    owners: {
      uids: float64(reading),
      gids: float64(reading),
      userNames: uint32(reading),
      groupNames: uint32(reading),
    },
    details: { rows: uint32(reading), texts: uint32(reading) },
    textEnds: uint32(reading),
    whiteouts: uint32(reading),
    opaqueDirectories: uint32(reading),
  };
}

function uint8(reading: Reading): Uint8Array {
  return new Uint8Array(...place(reading, Uint8Array.BYTES_PER_ELEMENT));
}

function uint32(reading: Reading): Uint32Array {
  return new Uint32Array(...place(reading, Uint32Array.BYTES_PER_ELEMENT));
}

function float64(reading: Reading): Float64Array {
  return new Float64Array(...place(reading, Float64Array.BYTES_PER_ELEMENT));
}

/** The location of the next column: its buffer, offset and length. */
function place(reading: Reading, bytesEach: number): [ArrayBufferLike, number, number] {
  const { bytes, end, lengths } = reading;
  const length: unknown = lengths.next().value;
  if (typeof length !== "number" || end + length * bytesEach > bytes.length) return [new ArrayBuffer(0), 0, 0];
  reading.end = aligned(end + length * bytesEach);
  return [bytes.buffer, bytes.byteOffset + end, length];
}

function readHeader(bytes: Uint8Array): { readonly value: Header; readonly end: number } | undefined {
  if (bytes.length < headerStart) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (headerStart + length > bytes.length) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.subarray(headerStart, headerStart + length)).toString());
    return isHeader(value) ? { value, end: aligned(headerStart + length) } : undefined;
  } catch {
    // Invalid JSON: the bytes are something else.
    return undefined;
  }
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const {
    entryCount,
    overwrittenCount,
    contentBytes: bytes,
    encoding,
    textBytes: length,
    lengths,
  } = value as Partial<Header>;
  return (
    [entryCount, overwrittenCount, bytes, length].every((count) => Number.isSafeInteger(count)) &&
    (encoding === "latin1" || encoding === "utf16le") &&
    Array.isArray(lengths) &&
    lengths.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}
