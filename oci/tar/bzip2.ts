import { CompressedDataError } from "./compressedData.ts";

/**
 * Decompresses bzip2 data, one block (at most 900 kB) at a time. Consecutive streams are joined. Checksums are not
 * verified.
 * @see https://en.wikipedia.org/wiki/Bzip2#File_format
 */
export async function* bunzip2(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const bits = new BitReader(source);
  for (let isFirst = true; ; isFirst = false) {
    if (!(await bits.fill(4)) && !isFirst) return;
    const maxBlock = readStreamHeader(bits);
    for (;;) {
      await bits.fill(maxBlock + blockSlack);
      const magic = bits.read(24) * 2 ** 24 + bits.read(24);
      bits.read(16);
      bits.read(16);
      if (magic === endMagic) break;
      if (magic !== blockMagic) throw new CompressedDataError("a bzip2 block has an invalid header");
      yield decodeBlock(bits, maxBlock);
    }
    bits.align();
  }
}

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;
/** A block that hardly compresses is slightly longer than its content because of tables and codes. */
const blockSlack = 256 * 1024;
const groupSymbols = 50;
const maxCodeBits = 20;

function readStreamHeader(bits: BitReader): number {
  const magic = bits.read(24);
  const level = bits.read(8) - 0x30;
  if (magic !== 0x425a68 || level < 1 || level > 9) throw new CompressedDataError("not a bzip2 stream");
  return level * 100_000;
}

/** Reads bits, highest first, from its buffered input. */
class BitReader {
  readonly #source: AsyncIterator<Buffer>;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #held = 0;
  #heldBits = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Buffers the wanted number of bits, fewer at the end; false if there are none. */
  async fill(wanted: number): Promise<boolean> {
    const parts = [this.#bytes.subarray(this.#at)];
    let have = parts[0]?.length ?? 0;
    if (have < wanted) {
      while (have < wanted) {
        const { done, value } = await this.#source.next();
        if (done === true) break;
        parts.push(value);
        have += value.length;
      }
      this.#bytes = Buffer.concat(parts);
      this.#at = 0;
    }
    return have > 0;
  }

  /** Reads at most 24 bits. */
  read(count: number): number {
    while (this.#heldBits < count) {
      const next = this.#bytes[this.#at++];
      if (next === undefined) throw new CompressedDataError("the bzip2 data is truncated");
      this.#held = ((this.#held << 8) | next) & 0x7fffffff;
      this.#heldBits += 8;
    }
    this.#heldBits -= count;
    return (this.#held >>> this.#heldBits) & ((1 << count) - 1);
  }

  /** Reads the next symbol of a prefix code. */
  symbol({ limits, bases, symbols }: Table): number {
    let code = 0;
    for (let length = 1; length <= maxCodeBits; length++) {
      code = (code << 1) | this.read(1);
      if (code > (limits[length] ?? -1)) continue;
      const symbol = symbols[code + (bases[length] ?? 0)];
      if (symbol !== undefined) return symbol;
    }
    throw new CompressedDataError("a bzip2 block has a code without a symbol");
  }

  /** Drops the rest of a byte. */
  align(): void {
    this.#heldBits -= this.#heldBits % 8;
  }
}

function decodeBlock(bits: BitReader, maxBlock: number): Buffer {
  if (bits.read(1) === 1) throw new CompressedDataError("randomised bzip2 blocks are not supported");
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const tableCount = bits.read(3);
  const selectors = readSelectors(bits, bits.read(15), tableCount);
  const tables = Array.from({ length: tableCount }, () => readTable(bits, used.length + 2));
  const { last, counts } = readSymbols(bits, { used, selectors, tables, maxBlock });
  if (origin >= last.length) throw new CompressedDataError("a bzip2 block starts outside its own data");
  return expandRuns(invert(last, counts, origin));
}

function readUsedBytes(bits: BitReader): Uint8Array {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.read(16);
    for (let at = 0; at < 16; at++) if ((members & (0x8000 >> at)) !== 0) used.push(group * 16 + at);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: BitReader, count: number, tableCount: number): Uint8Array {
  const recent = Array.from({ length: tableCount }, (_, index) => index);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let rank = 0;
    while (bits.read(1) === 1) rank++;
    const [table] = recent.splice(rank, 1);
    if (table === undefined) throw new CompressedDataError("a bzip2 block refers to a missing table");
    recent.unshift(table);
    selectors[at] = table;
  }
  return selectors;
}

/** A prefix code: for each length, the first code and the position of its symbols. */
interface Table {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
}

function readTable(bits: BitReader, symbolCount: number): Table {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > maxCodeBits) throw new CompressedDataError("a bzip2 code has an impossible length");
    lengths[symbol] = length;
  }
  return tableOf(lengths);
}

function tableOf(lengths: Uint8Array): Table {
  const symbols = new Uint16Array(lengths.length);
  const limits = new Int32Array(maxCodeBits + 2).fill(-1);
  const bases = new Int32Array(maxCodeBits + 2);
  let at = 0;
  let code = 0;
  for (let length = 1; length <= maxCodeBits; length++) {
    bases[length] = at - code;
    for (const [symbol, own] of lengths.entries())
      if (own === length) {
        symbols[at++] = symbol;
        code++;
      }
    limits[length] = code - 1;
    code *= 2;
  }
  return { limits, bases, symbols };
}

interface BlockTables {
  readonly used: Uint8Array;
  readonly selectors: Uint8Array;
  readonly tables: readonly Table[];
  readonly maxBlock: number;
}

/**
 * Decodes the prefix codes, the runs and the move-to-front coding. Returns the last column of the sorted rotations and
 * the count of each byte in it.
 */
function readSymbols(bits: BitReader, { used, selectors, tables, maxBlock }: BlockTables) {
  const last = new Uint8Array(maxBlock);
  const counts = new Int32Array(256);
  let length = 0;
  let run = 0;
  let weight = 1;
  const put = (byte: number, times: number): void => {
    if (length + times > maxBlock) throw new CompressedDataError("a bzip2 block is longer than its stream allows");
    last.fill(byte, length, length + times);
    counts[byte] = (counts[byte] ?? 0) + times;
    length += times;
  };
  for (let at = 0; ; at++) {
    const table = tables[selectors[Math.floor(at / groupSymbols)] ?? -1];
    if (!table) throw new CompressedDataError("a bzip2 block has more symbols than it declares");
    const symbol = bits.symbol(table);
    if (symbol < 2) {
      run += weight << symbol;
      weight *= 2;
      if (run > maxBlock) throw new CompressedDataError("a bzip2 block is longer than its stream allows");
      continue;
    }
    if (run > 0) put(used[0] ?? 0, run);
    [run, weight] = [0, 1];
    if (symbol === used.length + 1) return { last: last.subarray(0, length), counts };
    const byte = used[symbol - 1] ?? 0;
    used.copyWithin(1, 0, symbol - 1);
    used[0] = byte;
    put(byte, 1);
  }
}

/** Inverts the Burrows–Wheeler transform. */
function invert(last: Uint8Array, counts: Int32Array, origin: number): Uint8Array {
  const starts = new Int32Array(256);
  for (let byte = 1; byte < 256; byte++) starts[byte] = (starts[byte - 1] ?? 0) + (counts[byte - 1] ?? 0);
  const next = new Int32Array(last.length);
  for (let at = 0; at < last.length; at++) {
    const byte = last[at] ?? 0;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    next[place] = at;
  }
  const plain = new Uint8Array(last.length);
  for (let at = next[origin] ?? 0, written = 0; written < plain.length; written++) {
    plain[written] = last[at] ?? 0;
    at = next[at] ?? 0;
  }
  return plain;
}

/** Expands runs: four equal bytes are followed by the number of further ones. */
function expandRuns(bytes: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  let same = 0;
  for (let at = 0; at < bytes.length; at++) {
    same = at > start && bytes[at] === bytes[at - 1] ? same + 1 : 1;
    if (same < 4) continue;
    parts.push(Buffer.from(bytes.subarray(start, at + 1)), Buffer.alloc(bytes[at + 1] ?? 0, bytes[at] ?? 0));
    start = at + 2;
    at++;
    same = 0;
  }
  parts.push(Buffer.from(bytes.subarray(start)));
  return Buffer.concat(parts);
}
