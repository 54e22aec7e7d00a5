import { CompressedDataError } from "./compressedData.ts";
import { LzmaWindow } from "./lzmaWindow.ts";

const half = 1024; // Probabilities are multiples of 1/2048.
const states = 12;
const maxPositionStates = 16;
const lengthStates = 4;
const alignBits = 4;
const endDistanceModel = 14;

/**
 * The probabilities and the state of LZMA, which LZMA2 keeps from chunk to chunk.
 * @see https://www.7-zip.org/sdk.html lzma-specification
 */
export class LzmaDecoder {
  readonly window: LzmaWindow;
  readonly #range = new RangeDecoder();
  #literalContextBits = 0;
  #literalPositionMask = 0;
  #positionMask = 0;
  #state = 0;
  #recent: [number, number, number, number] = [0, 0, 0, 0];
  #literals: Uint16Array = new Uint16Array(0);
  readonly #isMatch = new Uint16Array(states * maxPositionStates);
  readonly #isRep = new Uint16Array(states);
  readonly #isRep0 = new Uint16Array(states);
  readonly #isRep1 = new Uint16Array(states);
  readonly #isRep2 = new Uint16Array(states);
  readonly #isRep0Long = new Uint16Array(states * maxPositionStates);
  readonly #slots = Array.from({ length: lengthStates }, () => new Uint16Array(64));
  readonly #special = new Uint16Array(115);
  readonly #align = new Uint16Array(1 << alignBits);
  readonly #matchLength = new LengthDecoder();
  readonly #repLength = new LengthDecoder();

  constructor(dictionaryBytes: number) {
    this.window = new LzmaWindow(dictionaryBytes);
  }

  /** Sets new parameters, which LZMA2 writes in one byte. */
  setProperties(byte: number): void {
    const contextBits = byte % 9;
    const positionBits = Math.floor(byte / 9) % 5;
    const positionStateBits = Math.floor(byte / 45);
    if (byte >= 225 || contextBits + positionBits > 4) throw new CompressedDataError("LZMA has impossible parameters");
    this.#literalContextBits = contextBits;
    this.#literalPositionMask = (1 << positionBits) - 1;
    this.#positionMask = (1 << positionStateBits) - 1;
    this.#literals = new Uint16Array(0x300 << (contextBits + positionBits));
  }

  resetState(): void {
    this.#state = 0;
    this.#recent = [0, 0, 0, 0];
    const flat = [this.#isMatch, this.#isRep, this.#isRep0, this.#isRep1, this.#isRep2, this.#isRep0Long];
    for (const probabilities of [...flat, ...this.#slots, this.#special, this.#align, this.#literals])
      probabilities.fill(half);
    this.#matchLength.reset();
    this.#repLength.reset();
  }

  /** Decodes one chunk into the window; `bytes` is its decoded size. */
  decode(input: Uint8Array, bytes: number): void {
    const { window } = this;
    this.#range.begin(input);
    for (const end = window.total + bytes; window.total < end;) {
      const positionState = window.total & this.#positionMask;
      const place = this.#state * maxPositionStates + positionState;
      if (this.#range.bit(this.#isMatch, place) === 0) this.#literal();
      else {
        const length =
          this.#range.bit(this.#isRep, this.#state) === 0
            ? this.#match(positionState)
            : this.#repeat(place, positionState);
        if (length > end - window.total) throw new CompressedDataError("an LZMA chunk is longer than it declares");
        window.repeat(this.#recent[0], length);
      }
    }
  }

  #literal(): void {
    const { window } = this;
    const context =
      ((window.total & this.#literalPositionMask) << this.#literalContextBits) +
      (window.byteBefore(0) >> (8 - this.#literalContextBits));
    const base = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = window.byteBefore(this.#recent[0]);
      while (symbol < 0x100) {
        const matchBit = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#range.bit(this.#literals, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#range.bit(this.#literals, base + symbol);
    window.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(positionState: number): number {
    const [a, b, c] = this.#recent;
    const length = this.#matchLength.read(this.#range, positionState);
    this.#state = this.#state < 7 ? 7 : 10;
    this.#recent = [this.#distance(length), a, b, c];
    return length;
  }

  #distance(length: number): number {
    const tree = this.#slots[Math.min(length - 2, lengthStates - 1)] ?? this.#align;
    const slot = this.#range.tree(tree, 6);
    if (slot < 4) return slot;
    const directBits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** directBits;
    if (slot < endDistanceModel) return base + this.#range.reverseTree(this.#special, base - slot, directBits);
    const high = this.#range.direct(directBits - alignBits) * 2 ** alignBits;
    return base + high + this.#range.reverseTree(this.#align, 0, alignBits);
  }

  #repeat(place: number, positionState: number): number {
    const [a, b, c, d] = this.#recent;
    const range = this.#range;
    if (range.bit(this.#isRep0, this.#state) === 0) {
      if (range.bit(this.#isRep0Long, place) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        return 1;
      }
    } else if (range.bit(this.#isRep1, this.#state) === 0) this.#recent = [b, a, c, d];
    else if (range.bit(this.#isRep2, this.#state) === 0) this.#recent = [c, a, b, d];
    else this.#recent = [d, a, b, c];
    const length = this.#repLength.read(range, positionState);
    this.#state = this.#state < 7 ? 8 : 11;
    return length;
  }
}

class LengthDecoder {
  readonly #choice = new Uint16Array(2);
  readonly #low = Array.from({ length: maxPositionStates }, () => new Uint16Array(8));
  readonly #middle = Array.from({ length: maxPositionStates }, () => new Uint16Array(8));
  readonly #high = new Uint16Array(256);

  reset(): void {
    for (const probabilities of [this.#choice, ...this.#low, ...this.#middle, this.#high]) probabilities.fill(half);
  }

  read(range: RangeDecoder, positionState: number): number {
    if (range.bit(this.#choice, 0) === 0) return 2 + range.tree(this.#low[positionState] ?? this.#high, 3);
    if (range.bit(this.#choice, 1) === 0) return 10 + range.tree(this.#middle[positionState] ?? this.#high, 3);
    return 18 + range.tree(this.#high, 8);
  }
}

class RangeDecoder {
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;

  begin(input: Uint8Array): void {
    this.#input = input;
    this.#range = 0xffffffff;
    this.#code = 0;
    for (this.#at = 1; this.#at < 5; this.#at++) this.#code = ((this.#code << 8) | (input[this.#at] ?? 0)) >>> 0;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? half;
    const bound = (this.#range >>> 11) * probability;
    const isZero = this.#code < bound;
    if (isZero) {
      this.#range = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      probabilities[index] = probability - (probability >> 5);
    }
    if (this.#range < 0x1000000) this.#refill();
    return isZero ? 0 : 1;
  }

  tree(probabilities: Uint16Array, bits: number): number {
    let symbol = 1;
    for (let left = bits; left > 0; left--) symbol = (symbol << 1) | this.bit(probabilities, symbol);
    return symbol - (1 << bits);
  }

  /** Reads a bit tree, lowest bit first; the tree begins at `offset`. */
  reverseTree(probabilities: Uint16Array, offset: number, bits: number): number {
    let place = 1;
    let symbol = 0;
    for (let at = 0; at < bits; at++) {
      const bit = this.bit(probabilities, offset + place);
      place = (place << 1) | bit;
      symbol |= bit << at;
    }
    return symbol;
  }

  /** Reads bits of equal probability, highest first. */
  direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      this.#range >>>= 1;
      const isSet = this.#code >= this.#range;
      if (isSet) this.#code -= this.#range;
      value = value * 2 + (isSet ? 1 : 0);
      if (this.#range < 0x1000000) this.#refill();
    }
    return value;
  }

  #refill(): void {
    if (this.#at >= this.#input.length + 4) throw new CompressedDataError("an LZMA chunk is truncated");
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
  }
}
