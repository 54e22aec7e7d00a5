import type { LayerContent } from "../entry.ts";
import { makeInt32, withRoom } from "./arrays.ts";
import { textAt } from "./content.ts";
import { createTextPool } from "./textPool.ts";

/**
 * Numbers the names in trees, each once. Trees that share a table are compared by number, and a layer in both is looked
 * up once.
 */
export interface NameTable {
  count(): number;
  nameOf(number: number): string;
  /** The number of a name; -1 if it isn't in any tree. The empty name is 0. */
  find(name: string): number;
  /** Numbers a layer's texts on demand. */
  numbersOf(content: LayerContent): (text: number) => number;
}

export function createNameTable(): NameTable {
  return new Table();
}

class Table implements NameTable {
  readonly #pool = createTextPool();
  readonly #contents: LayerContent[] = [];
  /** By content: the numbers of its texts, -1 if not needed yet. */
  readonly #numbers: Int32Array[] = [];
  /**
   * By number: a content that has the name, and its text there. Slicing it from that text is faster than building it
   * from char codes.
   */
  #origins = makeInt32(1024);
  #texts = makeInt32(1024);

  count(): number {
    return this.#pool.count();
  }

  nameOf(number: number): string {
    const content = this.#contents[this.#origins[number] ?? 0];
    return content ? textAt(content.texts, this.#texts[number] ?? 0) : "";
  }

  find(name: string): number {
    return this.#pool.find(name);
  }

  numbersOf(content: LayerContent): (text: number) => number {
    const known = this.#contents.indexOf(content);
    const origin = known === -1 ? this.#contents.push(content) - 1 : known;
    const numbers = (this.#numbers[origin] ??= makeInt32(content.texts.ends.length).fill(-1));
    return (text) => {
      const number = numbers[text] ?? -1;
      return number === -1 ? (numbers[text] = this.#add(origin, content, text)) : number;
    };
  }

  #add(origin: number, { texts: { all, ends } }: LayerContent, text: number): number {
    const before = this.#pool.count();
    const number = this.#pool.intern(all, ends[text - 1] ?? 0, ends[text] ?? 0);
    if (number < before) return number;
    this.#origins = withRoom(this.#origins, number + 1, makeInt32);
    this.#texts = withRoom(this.#texts, number + 1, makeInt32);
    this.#origins[number] = origin;
    this.#texts[number] = text;
    return number;
  }
}
