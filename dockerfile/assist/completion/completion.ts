import type { Facts } from "../../facts/fact.ts";
import type { Build } from "../../semantics/build.ts";
import type { Span } from "../../syntax/syntax.ts";

export type CompletionKind =
  | "keyword"
  | "flag"
  | "value"
  | "option"
  | "stage"
  | "image"
  | "variable"
  | "file"
  | "folder"
  | "user"
  | "directive"
  | "rule"
  | "label";

/** One thing that can be written at the cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Replaces the word under the cursor; defaults to the label. */
  readonly text?: string;
  /** The same with tab stops in snippet syntax, for editors that support them. */
  readonly snippet?: string;
  /** A few words next to the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
  readonly isDeprecated?: boolean;
  /** True if the inserted text has completions of its own, such as a folder or `--mount=`. */
  readonly reopens?: true;
  /** The text to replace as a whole, on one line around the cursor, if it isn't the list's word. */
  readonly span?: Span;
  /** The typed text that it matches; defaults to the label. */
  readonly filter?: string;
}

/** The completions at an offset, the likeliest first. */
export interface CompletionList {
  /** The word that each of the items replaces, on one line. */
  readonly span: Span;
  readonly items: readonly Completion[];
  /** True if facts are still being fetched, or there are more items than listed: request again. */
  readonly isIncomplete: boolean;
}

/** Completions from one source of knowledge. */
export interface Offer {
  readonly items: readonly Completion[];
  readonly isIncomplete?: boolean;
}

/** The input of completions. */
export interface CompletionInput {
  readonly build: Build;
  readonly facts: Facts;
}

export const noOffer: Offer = { items: [] };

/** Joins several offers into one, in order. */
export function joinOffers(...offers: readonly Offer[]): Offer {
  return {
    items: offers.flatMap(({ items }) => items),
    isIncomplete: offers.some(({ isIncomplete }) => isIncomplete === true),
  };
}

/** A list of plain words. */
export function values(
  words: readonly string[],
  kind: CompletionKind = "value",
  detail?: string,
): readonly Completion[] {
  return words.map((label) => ({ label, kind, ...(detail !== undefined && { detail }) }));
}
