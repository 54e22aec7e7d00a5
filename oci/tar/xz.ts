import { CompressedDataError } from "./compressedData.ts";
import { LzmaDecoder } from "./lzma.ts";

/**
 * Decompresses xz data that only uses the LZMA2 filter, as written by `xz`. Integrity checks are not verified.
 * @see https://tukaani.org/xz/xz-file-format.txt
 */
export async function* unxz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new Input(source);
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst && !(await skipPadding(input))) return;
    const checkBytes = readStreamHeader(await input.take(12));
    for (;;) {
      const [size = 0] = await input.take(1);
      if (size === 0) break;
      const start = input.position - 1;
      const dictionaryBytes = readBlockHeader(await input.take(size * 4 + 3));
      yield* decodeLzma2(input, dictionaryBytes);
      await input.take((4 - ((input.position - start) % 4)) % 4);
      await input.take(checkBytes);
    }
    await skipIndex(input);
  }
}

const magic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
/** Indexed by the check's number in the stream flags. */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const lzma2Filter = 0x21;
/** Twice what `xz -9` needs. */
const maxDictionaryBytes = 128 * 1024 * 1024;

class Input {
  /** Bytes taken so far. */
  position = 0;
  readonly #source: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async take(bytes: number): Promise<Buffer> {
    if (!(await this.#fill(bytes))) throw new CompressedDataError("the xz data is truncated");
    const taken = this.#chunk.subarray(0, bytes);
    this.#chunk = this.#chunk.subarray(bytes);
    this.position += bytes;
    return taken;
  }

  /** Returns the next byte without consuming it; undefined at the end. */
  async peek(): Promise<number | undefined> {
    await this.#fill(1);
    return this.#chunk[0];
  }

  async #fill(bytes: number): Promise<boolean> {
    const parts = [this.#chunk];
    let have = this.#chunk.length;
    while (have < bytes) {
      const { done, value } = await this.#source.next();
      if (done === true) break;
      parts.push(value);
      have += value.length;
    }
    if (parts.length > 1) this.#chunk = Buffer.concat(parts);
    return have >= bytes;
  }
}

function readStreamHeader(header: Buffer): number {
  if (!header.subarray(0, 6).equals(magic)) throw new CompressedDataError("not an xz stream");
  return checkSizes[(header[7] ?? 0) & 0xf] ?? 0;
}

/** Skips zeros between streams. Returns false at the end. */
async function skipPadding(input: Input): Promise<boolean> {
  for (let first = await input.peek(); first !== undefined; first = await input.peek()) {
    if (first !== 0) return true;
    await input.take(4);
  }
  return false;
}

/** Reads the dictionary's size from a block header, which starts after the byte for its own size. */
function readBlockHeader(header: Buffer): number {
  const [flags = 0] = header;
  const filterCount = (flags & 3) + 1;
  let at = 1;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = header[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new CompressedDataError("an xz block has an impossible size");
  };
  if ((flags & 0x40) !== 0) number();
  if ((flags & 0x80) !== 0) number();
  if (filterCount !== 1 || number() !== lzma2Filter)
    throw new CompressedDataError("xz filters other than LZMA2 are not supported");
  number();
  const exponent = (header[at] ?? 0) & 0x3f;
  const bytes = (2 | (exponent & 1)) * 2 ** (Math.floor(exponent / 2) + 11);
  if (bytes > maxDictionaryBytes) throw new CompressedDataError("the xz data needs too large a dictionary");
  return bytes;
}

async function* decodeLzma2(input: Input, dictionaryBytes: number): AsyncGenerator<Buffer> {
  const decoder = new LzmaDecoder(dictionaryBytes);
  for (;;) {
    const [control = 0] = await input.take(1);
    if (control === 0) return;
    if (control === 1 || control >= 0xe0) decoder.window.reset();
    if (control < 0x80) yield await copyChunk(input, decoder, control);
    else yield await decodeChunk(input, decoder, control);
  }
}

async function copyChunk(input: Input, { window }: LzmaDecoder, control: number): Promise<Buffer> {
  if (control > 2) throw new CompressedDataError("an xz chunk has an invalid header");
  const bytes = (await input.take(2)).readUInt16BE() + 1;
  window.prepare(bytes);
  window.append(await input.take(bytes));
  return window.last(bytes);
}

async function decodeChunk(input: Input, decoder: LzmaDecoder, control: number): Promise<Buffer> {
  const sizes = await input.take(4);
  const bytes = ((control & 0x1f) << 16) + sizes.readUInt16BE() + 1;
  if (control >= 0xc0) decoder.setProperties((await input.take(1))[0] ?? 0);
  if (control >= 0xa0) decoder.resetState();
  decoder.window.prepare(bytes);
  decoder.decode(await input.take(sizes.readUInt16BE(2) + 1), bytes);
  return decoder.window.last(bytes);
}

/** Skips the index of the blocks; the stream's footer follows. */
async function skipIndex(input: Input): Promise<void> {
  const start = input.position - 1;
  const number = async (): Promise<number> => {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const [byte = 0] = await input.take(1);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  for (let left = 2 * (await number()); left > 0; left--) await number();
  await input.take((4 - ((input.position - start) % 4)) % 4);
  await input.take(4 + 12);
}
