import { predefinedArgs } from "../syntax/expand/predefinedArgs.ts";
import { lexShell } from "../syntax/expand/lexer.ts";
import type { Lookup } from "../syntax/expand/lexerState.ts";
import type { Dockerfile, LogicalText, Word } from "../syntax/syntax.ts";
import { scopesOf, type Parts, type Variable } from "../syntax/expand/variables.ts";

/** The value of a word without build arguments; `unknown` is the reason why it can't be determined. */
export type Expansion = { readonly text: string } | { readonly unknown: string };

/** A word with the variables in its scope expanded. */
export interface ExpandedWord {
  readonly parts: Parts;
  /** The text that the offsets of its pieces refer to. */
  readonly logical: LogicalText;
}

/** An ARG before the first FROM; FROM sees no others. */
export interface GlobalArg {
  readonly name: string;
  /** The value of its last declaration. */
  readonly value?: ExpandedWord;
  readonly declarationCount: number;
}

export interface GlobalArgs {
  readonly byName: ReadonlyMap<string, GlobalArg>;
  readonly lookup: Lookup;
}

/** A longer word can't be an image reference, whose parts have maximum lengths; it isn't examined. */
export const maxWordLength = 4096;

/** The ARGs before the first FROM, as in a build without build arguments. */
export function globalArgsOf(file: Dockerfile): GlobalArgs {
  const scopes = scopesOf({ ...file, stages: [] }, { areBuildArgsComplete: true });
  const byName = new Map<string, GlobalArg>();
  for (const { key } of file.globals.filter(({ keyword }) => keyword.value === "ARG").flatMap(({ pairs }) => pairs)) {
    const name = key.value;
    const value = valueOf(scopes.globalVariable(name));
    byName.set(name, {
      name,
      declarationCount: (byName.get(name)?.declarationCount ?? 0) + 1,
      ...(value && { value }),
    });
  }
  return { byName, lookup: scopes.globalLookup };
}

function valueOf(variable: Variable | undefined): ExpandedWord | undefined {
  const logical = variable?.definition?.pair.value?.logical;
  return variable?.parts && logical && { parts: variable.parts, logical };
}

/** Expands a word of FROM; undefined if it is too long. */
export function expandInFrom(word: Word, { escape }: Dockerfile, { lookup }: GlobalArgs): ExpandedWord | undefined {
  const { logical } = word;
  return logical.text.length > maxWordLength
    ? undefined
    : { parts: lexShell(logical.text, { escape, lookup, keepsPieces: true }), logical };
}

export function expansionOf({ parts: { pieces, unknown, failure } }: ExpandedWord, args: GlobalArgs): Expansion {
  const [name] = unknown;
  if (name !== undefined) return { unknown: whyUnknown(name, args) };
  if (failure) return { unknown: failure.message };
  const result = textOf(pieces);
  return result.length > maxWordLength ? { unknown: "it becomes too long for an image reference" } : { text: result };
}

export function textOf(pieces: Parts["pieces"]): string {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.result)).join("");
}

/** Follows the defaults to the unknown value. */
function whyUnknown(start: string, { byName }: GlobalArgs): string {
  const seen = new Set<string>();
  for (let name: string | undefined = start; name !== undefined && !seen.has(name);) {
    const parts: Parts | undefined = byName.get(name)?.value?.parts;
    if (parts?.failure) return `the default of ARG ${name} can't be read: ${parts.failure.message}`;
    if (!parts && predefinedArgs.get(name)?.kind === "platform")
      return `${name} depends on the platform that is built for`;
    seen.add(name);
    name = parts?.unknown[0];
  }
  return `what ${start} becomes is too long to follow`;
}
