import type { GridRow } from "../../grid/row.ts";
import { findTyped } from "../../grid/keys.ts";

/** Letters typed within this time form one word. */
const typeaheadMs = 700;

/** Finds rows by typed text. */
export class Typeahead {
  #typed = { text: "", atMs: 0 };

  /** The row that matches after one more character. */
  find(character: string, rows: readonly GridRow[], current: number): number | undefined {
    const now = performance.now();
    const text = now - this.#typed.atMs < typeaheadMs ? this.#typed.text + character : character;
    this.#typed = { text, atMs: now };
    return findTyped(rows, current, text);
  }
}
