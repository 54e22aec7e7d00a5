import type { Change } from "../edit/change.ts";
import type { Build } from "../semantics/build.ts";
import type { Instruction, Span } from "../syntax/syntax.ts";

/** A change that nothing is wrong without. */
export interface Refactoring {
  /** An imperative, for a menu. */
  readonly title: string;
  readonly kind: "rewrite" | "extract" | "inline";
  readonly changes: readonly Change[];
}

/** The user's selection. */
export interface Selected {
  readonly build: Build;
  /** The cursor is an empty range. */
  readonly range: Span;
  /** The one that the range begins in. */
  readonly instruction: Instruction;
}

/** Offers what can be done; nothing where the result might mean something else. */
export type Refactor = (selected: Selected) => readonly Refactoring[];
