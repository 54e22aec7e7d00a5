import type { Range } from "../logicalText.ts";

/**
 * A part of a text's result, in order, with positions in the text. Removed quotes and escape characters aren't part of
 * any.
 */
export type LexedPiece = LexedText | LexedVariable;

export interface LexedText {
  readonly kind: "text";
  readonly text: string;
  /** The start of its characters, which are adjacent in the text. */
  readonly start: number;
}

export interface LexedVariable extends GivenValue {
  readonly kind: "variable";
  readonly reference: LexedReference;
}

/** `$name` or `${name…}`, with ranges in the lexed text. */
export interface LexedReference extends Range {
  readonly name: string;
  readonly nameRange: Range;
  /** The modifier after the name in braces: `:-`, `%`, `//`…; empty for `$name` and `${name}`. */
  readonly modifier: string;
}

/** The part of the result that replaces a variable. */
export interface GivenValue {
  /**
   * "value": its value; "operand": the operand of `:-` or `+`; "nothing": it is unset, or set and `+` applies;
   * "changed": the value cut or replaced; "unknown": it can't be determined.
   */
  readonly gave: "value" | "operand" | "nothing" | "changed" | "unknown";
  /** Empty if unknown. */
  readonly result: string;
  /** The pieces of the operand, if the operand is the result. */
  readonly operand: readonly LexedPiece[];
}

export function given(gave: GivenValue["gave"], result: string, operand: readonly LexedPiece[] = []): GivenValue {
  return { gave, result, operand };
}

/** Adds literal text that is unchanged at `start`. */
export function addText(pieces: LexedPiece[], text: string, start: number): void {
  const last = pieces.at(-1);
  if (last?.kind === "text" && last.start + last.text.length === start)
    pieces[pieces.length - 1] = { ...last, text: last.text + text };
  else if (text !== "") pieces.push({ kind: "text", text, start });
}
