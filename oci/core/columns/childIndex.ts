import { makeInt32, withRoom } from "./arrays.ts";

/** Finds the child of a node by the number of its name. Nodes are numbered by the caller. */
export interface ChildIndex {
  /** The child, or -1. */
  get(parent: number, name: number): number;
  /** Adds a child and replaces an earlier one of that name. */
  set(parent: number, name: number, child: number): void;
  /** Returns a copy that changes on its own. */
  copy(): ChildIndex;
}

/**
 * Creates a hash table of numbers with open addressing, which has room for the expected number of children. A `Map`
 * takes ten times the memory, and a text for each key.
 */
export function createChildIndex(expected = 512): ChildIndex {
  const slots = 2 ** Math.ceil(Math.log2(expected * 2));
  return new Table({
    slots: makeInt32(slots),
    parents: makeInt32(slots / 2),
    names: makeInt32(slots / 2),
    count: 0,
  });
}

interface Slots {
  /** A child plus 1; 0 is free. */
  readonly slots: Int32Array;
  readonly parents: Int32Array;
  readonly names: Int32Array;
  readonly count: number;
}

class Table implements ChildIndex {
  #slots: Int32Array;
  #parents: Int32Array;
  #names: Int32Array;
  #count: number;

  constructor({ slots, parents, names, count }: Slots) {
    this.#slots = slots;
    this.#parents = parents;
    this.#names = names;
    this.#count = count;
  }

  copy(): ChildIndex {
    return new Table({
      slots: this.#slots.slice(),
      parents: this.#parents.slice(),
      names: this.#names.slice(),
      count: this.#count,
    });
  }

  get(parent: number, name: number): number {
    return (this.#slots[this.#slotOf(parent, name)] ?? 0) - 1;
  }

  set(parent: number, name: number, child: number): void {
    this.#parents = withRoom(this.#parents, child + 1, makeInt32);
    this.#names = withRoom(this.#names, child + 1, makeInt32);
    this.#parents[child] = parent;
    this.#names[child] = name;
    const slot = this.#slotOf(parent, name);
    const isNew = this.#slots[slot] === 0;
    this.#slots[slot] = child + 1;
    if (isNew && ++this.#count * 2 > this.#slots.length) this.#rehash();
  }

  #slotOf(parent: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(parent, name) & mask;
    for (;;) {
      const child = (this.#slots[slot] ?? 0) - 1;
      if (child === -1 || (this.#parents[child] === parent && this.#names[child] === name)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = makeInt32(old.length * 2);
    for (const taken of old) {
      if (taken === 0) continue;
      this.#slots[this.#slotOf(this.#parents[taken - 1] ?? 0, this.#names[taken - 1] ?? 0)] = taken;
    }
  }
}

/** Mixes both numbers, which count up from 0. The constants are from MurmurHash3's finalizer. */
function hashOf(parent: number, name: number): number {
  let hash = Math.imul(parent, 0x85ebca6b) ^ Math.imul(name, 0xc2b2ae35);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
