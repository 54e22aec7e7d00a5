import { spanOf } from "../logicalText.ts";
import { lexShell } from "./lexer.ts";
import type { Lookup } from "./lexerState.ts";
import type { LexedReference } from "./pieces.ts";
import type { LogicalText, Span } from "../syntax.ts";

/** A text with its variables expanded, and quotes and escapes removed. */
export interface Expansion {
  /** Valid only if `unknownNames` is empty. */
  readonly value: string;
  /** The unknown variables that the value depends on; the word itself if its syntax is wrong. */
  readonly unknownNames: readonly string[];
  /** Unset names, which BuildKit treats as empty. */
  readonly unsetNames: readonly string[];
  /** The problem, phrased for the middle of a sentence. */
  readonly failure?: { readonly message: string; readonly span: Span };
}

/** A variable named in a text. */
export interface VariableReference {
  readonly name: string;
  readonly nameSpan: Span;
  /** `:-`, `%`, `//`…; empty for `$name` and `${name}`. */
  readonly modifier: string;
  /** From the `$`. */
  readonly span: Span;
}

/** Expands a text with the variables of a scope. */
export function expandWith(text: LogicalText, escape: string, lookup: Lookup): Expansion {
  const { result, unknown, unset, failure } = lexShell(text.text, { escape, lookup });
  if (!failure) return { value: result, unknownNames: unknown, unsetNames: unset };
  return {
    value: "",
    unknownNames: unknown.length > 0 ? unknown : [text.text],
    unsetNames: unset,
    failure: { message: failure.message, span: spanOf(text, failure.range) },
  };
}

/** Expands a text with the variables of a scope; undefined if one is unknown or the syntax is wrong. */
export function expandKnown(text: LogicalText, escape: string, lookup: Lookup): string | undefined {
  const { value, unknownNames, failure } = expandWith(text, escape, lookup);
  return unknownNames.length > 0 || failure ? undefined : value;
}

/** The variables that a word names, outermost first; those in single quotes and escaped ones don't count. */
export function variableReferences(
  text: LogicalText,
  escape: string,
  quotes: "shell" | "plain" = "shell",
): readonly VariableReference[] {
  if (!text.text.includes("$")) return [];
  const { references } = lexShell(text.text, {
    escape,
    lookup: () => undefined,
    keepsUnset: true,
    ignoresQuotes: quotes === "plain",
  });
  return references.map((reference) => referenceIn(text, reference));
}

function referenceIn(text: LogicalText, { name, nameRange, modifier, start, end }: LexedReference): VariableReference {
  return { name, nameSpan: spanOf(text, nameRange), modifier, span: spanOf(text, { start, end }) };
}
