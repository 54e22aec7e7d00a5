import type { EntryKind } from "../core/entry.ts";

export const blockBytes = 512; // POSIX pax §ustar Interchange Format.

/** A part of a sparse file's stored bytes with its position; the gaps between parts are zeros. */
export interface SparsePart {
  readonly offset: number;
  readonly bytes: number;
}

/** The content of one 512-byte header, before extended headers are applied. */
export interface TarHeader {
  readonly name: Buffer;
  readonly linkName: Buffer;
  /** The type flag as a character; NUL in v7 archives. */
  readonly type: string;
  /** Bytes stored after the header, without padding; 0 for types that don't store any. */
  readonly storedBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly userName: string;
  readonly groupName: string;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /**
   * For old GNU sparse files only: the size with holes, the positions of the first stored parts, and whether blocks
   * with more of them follow the header.
   */
  readonly sparse?: {
    readonly realBytes: number;
    readonly parts: readonly SparsePart[];
    readonly isExtended: boolean;
  };
}

export type HeaderBlock =
  | { readonly kind: "header"; readonly header: TarHeader }
  | { readonly kind: "zero" }
  | { readonly kind: "bad"; readonly problem: string };

/**
 * File system objects by type flag; `7` (contiguous) and `S` (GNU sparse) are files.
 * @see POSIX pax; GNU tar manual §Basic Tar Format
 */
export const entryKinds: Readonly<Record<string, EntryKind>> = {
  0: "file",
  7: "file",
  S: "file",
  1: "hardlink",
  2: "symlink",
  3: "character",
  4: "block",
  5: "directory",
  D: "directory",
  6: "fifo",
};

/**
 * Types whose size field is ignored: the next header follows directly, as in Go's archive/tar and therefore every
 * engine.
 */
const headerOnly: ReadonlySet<string> = new Set(["1", "2", "3", "4", "5", "6"]);

export function storesContent(type: string): boolean {
  return !headerOnly.has(type);
}

/** Decodes a header block of any dialect: v7, ustar, GNU. */
export function decodeHeader(block: Buffer): HeaderBlock {
  if (isZero(block)) return { kind: "zero" };
  const checksum = octal(block, 148, 8);
  if (checksum === undefined || !sums(block).includes(checksum)) return bad("the header's checksum is wrong");
  const magic = block.toString("latin1", 257, 263);
  const numbers = numbersOf(block, magic);
  const wrong = Object.entries(numbers).find(([, value]) => value === undefined);
  if (wrong) return bad(`the header's ${wrong[0]} is not a number`);
  const { size, ...others } = numbers as Readonly<Record<NumberField, number>>;
  if (size < 0) return bad("the header's size is negative");
  const type = String.fromCharCode(block[156] ?? 0);
  const storedBytes = storesContent(type) ? size : 0;
  const header = {
    name: nameOf(block, magic),
    linkName: field(block, 157, 100),
    type,
    storedBytes,
    ...ownersOf(block, magic),
    ...others,
  };
  return type === "S" ? withSparse(block, header) : { kind: "header", header };
}

function bad(problem: string): HeaderBlock {
  return { kind: "bad", problem };
}

function ownersOf(block: Buffer, magic: string): Pick<TarHeader, "userName" | "groupName"> {
  if (!magic.startsWith("ustar")) return { userName: "", groupName: "" };
  return { userName: decodeName(field(block, 265, 32)), groupName: decodeName(field(block, 297, 32)) };
}

/** True if the block contains only NULs; two such blocks end an archive. */
export function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** Decodes bytes that should be UTF-8. Invalid ones are decoded as Latin-1, so that different names stay different. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\uFFFD") && !Buffer.from(text, "utf8").equals(bytes) ? bytes.toString("latin1") : text;
}

type NumberField = "size" | "mode" | "uid" | "gid" | "mtime" | "deviceMajor" | "deviceMinor";

function numbersOf(block: Buffer, magic: string): Readonly<Record<NumberField, number | undefined>> {
  const hasDevices = magic.startsWith("ustar");
  return {
    size: numeric(block, 124, 12),
    mode: numeric(block, 100, 8),
    uid: numeric(block, 108, 8),
    gid: numeric(block, 116, 8),
    mtime: numeric(block, 136, 12),
    deviceMajor: hasDevices ? numeric(block, 329, 8) : 0,
    deviceMinor: hasDevices ? numeric(block, 337, 8) : 0,
  };
}

/**
 * The name in a header. POSIX archives split long names in two; GNU ones (`ustar  `) use the prefix field for other
 * data.
 */
function nameOf(block: Buffer, magic: string): Buffer {
  const name = field(block, 0, 100);
  const prefix = magic === "ustar\0" ? field(block, 345, 155) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
}

function withSparse(block: Buffer, header: TarHeader): HeaderBlock {
  const realBytes = numeric(block, 483, 12);
  if (realBytes === undefined || realBytes < 0) return bad("the sparse file's size is not a number");
  const sparse = { realBytes, parts: sparseParts(block, 386, 4), isExtended: block[482] !== 0 };
  return { kind: "header", header: { ...header, sparse } };
}

/** The parts that an extension block of an old GNU sparse file lists, and whether another block follows. */
export function decodeSparseBlock(block: Buffer): {
  readonly parts: readonly SparsePart[];
  readonly isExtended: boolean;
} {
  return { parts: sparseParts(block, 0, 21), isExtended: block[504] !== 0 };
}

/** Reads pairs of an offset and a length; unused ones are blank. An invalid number makes a part that fits nowhere. */
function sparseParts(block: Buffer, start: number, count: number): readonly SparsePart[] {
  const pairs = Array.from({ length: count }, (_, index) => start + index * 24);
  return pairs
    .filter((at) => block[at] !== 0)
    .map((at) => ({ offset: numeric(block, at, 12) ?? -1, bytes: numeric(block, at + 12, 12) ?? -1 }));
}

/** The bytes of a field up to its first NUL. */
function field(block: Buffer, start: number, length: number): Buffer {
  const bytes = block.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Parses octal text, or GNU's base-256 if the first bit is set; undefined if it is neither or exceeds 2⁵³. */
function numeric(block: Buffer, start: number, length: number): number | undefined {
  const first = block[start] ?? 0;
  if (first < 0x80) return octal(block, start, length);
  const isNegative = (first & 0x40) !== 0;
  let value = BigInt(isNegative ? first | 0xffffff00 | 0 : first & 0x3f);
  for (let index = start + 1; index < start + length; index++) value = value * 256n + BigInt(block[index] ?? 0);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Parses digits between blanks or NULs. Blank fields are 0: v7 writers leave unknown values empty. */
function octal(block: Buffer, start: number, length: number): number | undefined {
  const end = start + length;
  let at = start;
  while (at < end && block[at] === 0x20) at++;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  const isEnded = at === end || block[at] === 0x20 || block[at] === 0;
  return isEnded ? value : undefined;
}

/** The sum of the block's bytes, with the checksum field counted as blanks; old writers summed signed bytes. */
function sums(block: Buffer): readonly [number, number] {
  let unsigned = 8 * 32;
  let signed = unsigned;
  for (let index = 0; index < blockBytes; index++) {
    if (index >= 148 && index < 156) continue;
    const byte = block[index] ?? 0;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return [unsigned, signed];
}
