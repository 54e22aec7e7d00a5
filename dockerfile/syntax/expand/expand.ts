import { spanOf } from "../logicalText.ts";
import { lexShell } from "./lexer.ts";
import type { Lookup } from "./lexerState.ts";
import type { LexedReference } from "./pieces.ts";
import type { Dockerfile, Instruction, LogicalText, Span, Stage, Word } from "../syntax.ts";
import { scopesOf, type BuildInputs } from "./variables.ts";

/** A text with its variables put in, quotes and escapes taken out. */
export interface Expansion {
  /** Only to be trusted where `unknownNames` is empty. */
  readonly value: string;
  /** What the value depends on and nobody can say here; the word itself where its syntax is wrong. */
  readonly unknownNames: readonly string[];
  /** Names that are not set, which BuildKit takes for empty. */
  readonly unsetNames: readonly string[];
  /** What is wrong with it, in the middle of a sentence. */
  readonly failure?: { readonly message: string; readonly span: Span };
}

/** A variable named in a text. */
export interface VariableReference {
  readonly name: string;
  readonly nameSpan: Span;
  /** `:-`, `%`, `//`…; empty for `$name` and `${name}`. */
  readonly modifier: string;
  /** From the `$` on. */
  readonly span: Span;
}

/** Where a word stands, and what is known beyond the text. */
export interface ExpansionPlace extends BuildInputs {
  readonly file: Dockerfile;
  readonly instruction: Instruction;
}

/** A word of an instruction as BuildKit sees it when the instruction runs. Follows all variables of the file; for many words make `scopesOf` once and use `expandWith`. */
export function expandWord(place: ExpansionPlace, word: Word): Expansion {
  return expandWith(word.logical, place.file.escape, scopesOf(place.file, place).lookup(place.instruction));
}

/** A text with the variables of a scope. */
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

/** A text with the variables of a scope; undefined if one is unknown or the syntax is wrong. */
export function expandKnown(text: LogicalText, escape: string, lookup: Lookup): string | undefined {
  const { value, unknownNames, failure } = expandWith(text, escape, lookup);
  return unknownNames.length > 0 || failure ? undefined : value;
}

/** The image or stage that a FROM names; undefined where it depends on what is not known or cannot be read. */
export function expandBase(
  file: Dockerfile,
  stage: Stage,
  buildArgs: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const base = scopesOf({ ...file, stages: [] }, { buildArgs }).globalLookup;
  if (!stage.base) return undefined;
  const { value, unknownNames } = expandWith(stage.base.logical, file.escape, base);
  return unknownNames.length === 0 ? value : undefined;
}

/** The variables that a word names, outermost first; those in single quotes and escaped ones are none. */
export function variableReferences(
  text: LogicalText,
  escape: string,
  quotes: "shell" | "plain" = "shell",
): readonly VariableReference[] {
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
