import type { Range } from "../logicalText.ts";

/**
 * A part of what a text becomes, in order; positions count in the text. Quotes and escape characters that are taken out
 * are in none.
 */
export type LexedPiece = LexedText | LexedVariable;

export interface LexedText {
  readonly kind: "text";
  readonly text: string;
  /** Its characters stand side by side from here on. */
  readonly start: number;
}

export interface LexedVariable extends GivenValue {
  readonly kind: "variable";
  readonly reference: LexedReference;
}

/** `$name` or `${name…}`; ranges count in the lexed text. */
export interface LexedReference extends Range {
  readonly name: string;
  readonly nameRange: Range;
  /** What follows the name in braces: `:-`, `%`, `//`…; empty for `$name` and `${name}`. */
  readonly modifier: string;
}

/** What stands for a variable in the result. */
export interface GivenValue {
  /**
   * Its value, the operand of `:-` or `+`, nothing (it is not set, or set and that is what `+` is about), the value cut
   * or replaced; unknown where nobody can say.
   */
  readonly gave: "value" | "operand" | "nothing" | "changed" | "unknown";
  /** Empty where unknown. */
  readonly result: string;
  /** What the operand is made of, where the operand is the result. */
  readonly operand: readonly LexedPiece[];
}

export function given(gave: GivenValue["gave"], result: string, operand: readonly LexedPiece[] = []): GivenValue {
  return { gave, result, operand };
}

/** Adds literal text that stands at `start` as it is. */
export function addText(pieces: LexedPiece[], text: string, start: number): void {
  const last = pieces.at(-1);
  if (last?.kind === "text" && last.start + last.text.length === start)
    pieces[pieces.length - 1] = { ...last, text: last.text + text };
  else if (text !== "") pieces.push({ kind: "text", text, start });
}
