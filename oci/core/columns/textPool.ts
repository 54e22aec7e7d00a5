import type { TextColumns } from "../entry.ts";
import { makeUint16, makeUint32, withRoom } from "./arrays.ts";

/** Collects distinct texts. Text 0 is the empty one. */
export interface TextPool {
  /** The number of the part of a text from `start` up to `end`, exclusive. */
  intern(text: string, start?: number, end?: number): number;
  /** The number of a text; -1 if it wasn't added. */
  find(text: string): number;
  count(): number;
  finish(): TextColumns;
}

/** Creates a pool that stores UTF-16 codes and hashes. Names sliced from paths would keep their whole paths alive. */
export function createTextPool(): TextPool {
  return new Pool();
}

const firstSlots = 1024;

class Pool implements TextPool {
  #codes = makeUint16(16 * 1024);
  #ends = makeUint32(firstSlots);
  #hashes = makeUint32(firstSlots);
  /** A text in each slot; 0 is free, and the empty text needs no slot. */
  #slots = makeUint32(firstSlots);
  #count = 1;

  intern(text: string, start = 0, end = text.length): number {
    if (start === end) return 0;
    const part = { text, start, end, hash: hashOf(text, start, end) };
    const slot = this.#slotOf(part);
    const known = this.#slots[slot] ?? 0;
    return known === 0 ? this.#add(part, slot) : known;
  }

  find(text: string): number {
    if (text === "") return 0;
    const slot = this.#slotOf({ text, start: 0, end: text.length, hash: hashOf(text, 0, text.length) });
    return (this.#slots[slot] ?? 0) - (this.#slots[slot] === 0 ? 1 : 0);
  }

  count(): number {
    return this.#count;
  }

  finish(): TextColumns {
    const length = this.#ends[this.#count - 1] ?? 0;
    return { all: codesText(this.#codes, length), ends: this.#ends.slice(0, this.#count) };
  }

  /** The slot of the text, or else the free slot where it belongs. */
  #slotOf(part: TextPart): number {
    const mask = this.#slots.length - 1;
    let slot = part.hash & mask;
    for (let known = this.#slots[slot] ?? 0; known !== 0; known = this.#slots[slot] ?? 0) {
      if (this.#hashes[known] === part.hash && this.#isSame(known, part)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isSame(known: number, { text, start, end }: TextPart): boolean {
    const from = this.#ends[known - 1] ?? 0;
    if ((this.#ends[known] ?? 0) - from !== end - start) return false;
    for (let index = start; index < end; index++)
      if (this.#codes[from + index - start] !== text.charCodeAt(index)) return false;
    return true;
  }

  #add({ text, start, end, hash }: TextPart, slot: number): number {
    const added = this.#count++;
    const from = this.#ends[added - 1] ?? 0;
    this.#ends = withRoom(this.#ends, this.#count, makeUint32);
    this.#hashes = withRoom(this.#hashes, this.#count, makeUint32);
    this.#codes = withRoom(this.#codes, from + end - start, makeUint16);
    for (let index = start; index < end; index++) this.#codes[from + index - start] = text.charCodeAt(index);
    this.#ends[added] = from + end - start;
    this.#hashes[added] = hash;
    this.#slots[slot] = added;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return added;
  }

  #rehash(): void {
    this.#slots = makeUint32(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let text = 1; text < this.#count; text++) {
      let slot = (this.#hashes[text] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = text;
    }
  }
}

interface TextPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly hash: number;
}

function codesText(codes: Uint16Array, length: number): string {
  const pieces: string[] = [];
  for (let start = 0; start < length; start += pieceLength)
    pieces.push(String.fromCharCode(...codes.subarray(start, Math.min(start + pieceLength, length))));
  return pieces.join("");
}

const pieceLength = 8192; // Arguments of one call; JavaScript engines accept some ten thousand.

/** FNV-1a over UTF-16 codes. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
