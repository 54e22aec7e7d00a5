import { createHash } from "node:crypto";
import { blockBytes, type SparsePart } from "./header.ts";

/** The parts of a sparse file; "inContent" if its stored bytes begin with the list (format 1.0). */
export type SparseMap = readonly SparsePart[] | "inContent";

/** The number of zeros that may still be hashed: a header of 512 bytes can claim a hole of petabytes. */
export interface HoleBudget {
  bytes: number;
}

/** Hashes a sparse file in its unpacked form. */
export interface SparseHash {
  update(chunk: Buffer): void;
  /** Undefined if the map doesn't fit the content, or the holes exceed the budget. */
  digest(): string | undefined;
}

/** Unpacks a sparse file from its stored bytes. */
export interface SparseReader {
  update(chunk: Buffer): void;
  /** False if the map doesn't fit the content, or the holes exceed the budget: what was written isn't the file. */
  end(): boolean;
}

/** Receives the unpacked bytes in order; a piece of a hole is zeros. */
export type WriteUnpacked = (chunk: Buffer) => void;

/** For the sparse files of one layer; hashing this many zeros takes a second or two. */
export const maxHoleBytes = 2 * 1024 ** 3;

const maxHeadBytes = 1024 * 1024; // A map of some 40,000 parts.

export function createSparseHash(realBytes: number, map: SparseMap, budget: HoleBudget): SparseHash {
  const hash = createHash("sha256");
  const { update, end } = createSparseReader({ bytes: realBytes, map }, budget, (chunk) => void hash.update(chunk));
  return { update, digest: () => (end() ? hash.digest("hex") : undefined) };
}

export interface SparseFile {
  /** With its holes. */
  readonly bytes: number;
  readonly map: SparseMap;
}

/** Unpacks a sparse file piece by piece, in every format of GNU tar. */
export function createSparseReader({ bytes, map }: SparseFile, budget: HoleBudget, write: WriteUnpacked): SparseReader {
  if (map !== "inContent") return createPartsReader(bytes, map, { budget, write });
  let head: Buffer = Buffer.alloc(0);
  let reader: SparseReader | undefined;
  let isBroken = false;
  return {
    update: (chunk) => {
      if (reader) return reader.update(chunk);
      if (isBroken) return;
      head = Buffer.concat([head, chunk]);
      const parsed = parseHead(head);
      isBroken = parsed === "bad" || (parsed === undefined && head.length > maxHeadBytes);
      if (parsed === undefined || parsed === "bad") return;
      reader = createPartsReader(bytes, parsed.parts, { budget, write });
      reader.update(head.subarray(parsed.length));
      head = Buffer.alloc(0);
    },
    end: () => reader?.end() ?? false,
  };
}

/** Parses the numbers of `GNU.sparse.map`: offset, length, offset, length … */
export function parseSparseMap(text: string): readonly SparsePart[] {
  const numbers = text === "" ? [] : text.split(",").map(Number);
  return pairs(numbers);
}

function pairs(numbers: readonly number[]): readonly SparsePart[] {
  const parts: SparsePart[] = [];
  for (let index = 0; index < numbers.length; index += 2)
    parts.push({ offset: numbers[index] ?? -1, bytes: numbers[index + 1] ?? -1 });
  return parts;
}

/**
 * Parses the list before the content: a count, then offsets and lengths, one number per line, padded to whole blocks.
 * Undefined while more bytes are needed.
 */
function parseHead(
  head: Buffer,
): { readonly parts: readonly SparsePart[]; readonly length: number } | "bad" | undefined {
  const numbers: number[] = [];
  let start = 0;
  for (let wanted = 1; numbers.length < wanted;) {
    const end = head.indexOf(0x0a, start);
    if (end === -1) return undefined;
    const line = head.toString("latin1", start, end);
    if (!/^[0-9]{1,16}$/.test(line)) return "bad";
    numbers.push(Number(line));
    if (numbers.length === 1) wanted = 1 + 2 * Number(line);
    start = end + 1;
  }
  const length = Math.ceil(start / blockBytes) * blockBytes;
  return head.length < length ? undefined : { parts: pairs(numbers.slice(1)), length };
}

const zeros = Buffer.alloc(256 * 1024);

interface Unpacking {
  readonly budget: HoleBudget;
  readonly write: WriteUnpacked;
}

function createPartsReader(
  realBytes: number,
  parts: readonly SparsePart[],
  { budget, write }: Unpacking,
): SparseReader {
  let isBroken = !areOrdered(parts, realBytes);
  let index = 0;
  let position = 0;
  const fillTo = (end: number): void => {
    // A hole that is refused costs other files nothing.
    if (end - position > budget.bytes) isBroken = true;
    else budget.bytes -= end - position;
    for (; !isBroken && position < end; position += zeros.length) write(zeros.subarray(0, end - position));
    position = end;
  };
  const update = (chunk: Buffer): void => {
    for (let start = 0; !isBroken && start < chunk.length;) {
      const part = parts[index];
      if (!part) return void (isBroken = true);
      if (position < part.offset) fillTo(part.offset);
      const piece = chunk.subarray(start, start + part.offset + part.bytes - position);
      write(piece);
      start += piece.length;
      position += piece.length;
      if (position === part.offset + part.bytes) index++;
    }
  };
  const end = (): boolean => {
    const isWhole = parts.slice(index).every(({ bytes }) => bytes === 0);
    if (!isBroken && isWhole) fillTo(realBytes);
    return !isBroken && isWhole;
  };
  return { update, end };
}

/** True if the parts are in order and end within the file. */
function areOrdered(parts: readonly SparsePart[], realBytes: number): boolean {
  let end = 0;
  return parts.every(({ offset, bytes }) => {
    const isNext = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes) && offset >= end && bytes >= 0;
    end = offset + bytes;
    return isNext && end <= realBytes;
  });
}
