import { CompressedDataError } from "./compressedData.ts";

/** The most that LZMA2 writes in one chunk. */
const maxChunkBytes = 2 * 1024 * 1024;

/** The most recently decoded bytes, as far back as the dictionary reaches. */
export class LzmaWindow {
  /** Bytes since the dictionary was reset. */
  total = 0;
  readonly #dictionaryBytes: number;
  #bytes = new Uint8Array(1 << 16);
  #end = 0;

  constructor(dictionaryBytes: number) {
    this.#dictionaryBytes = dictionaryBytes;
  }

  reset(): void {
    this.total = 0;
    this.#end = 0;
  }

  /** Makes room for a chunk; bytes older than the dictionary are dropped. */
  prepare(bytes: number): void {
    if (bytes > maxChunkBytes) throw new CompressedDataError("an LZMA chunk is impossibly long");
    if (this.#end + bytes <= this.#bytes.length) return;
    const kept = Math.min(this.#end, this.#dictionaryBytes);
    const from = this.#end - kept;
    if (kept + bytes <= this.#bytes.length / 2) this.#bytes.copyWithin(0, from, this.#end);
    else {
      const larger = new Uint8Array(2 * (kept + bytes));
      larger.set(this.#bytes.subarray(from, this.#end));
      this.#bytes = larger;
    }
    this.#end = kept;
  }

  put(byte: number): void {
    this.#bytes[this.#end++] = byte;
    this.total++;
  }

  /** The byte at a distance from the end, 0 for the last; returns 0 if nothing was written there. */
  byteBefore(distance: number): number {
    return this.#bytes[this.#end - 1 - distance] ?? 0;
  }

  repeat(distance: number, length: number): void {
    if (distance >= Math.min(this.total, this.#end))
      throw new CompressedDataError("LZMA data refers to bytes before its start");
    for (let left = length; left > 0; left--) {
      this.#bytes[this.#end] = this.#bytes[this.#end - 1 - distance] ?? 0;
      this.#end++;
    }
    this.total += length;
  }

  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    this.total += bytes.length;
  }

  /** A copy of the last bytes. */
  last(bytes: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#end - bytes, this.#end));
  }
}
