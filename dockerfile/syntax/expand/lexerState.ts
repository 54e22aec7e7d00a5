import type { Range } from "../logicalText.ts";
import { addText, given, type GivenValue, type LexedPiece, type LexedReference } from "./pieces.ts";
import type { LexedWord, WordBuffer } from "./wordBuffer.ts";

/** The state of a variable: `undefined` if it isn't set, an object without `value` if unknown. */
export type Lookup = (name: string) => { readonly value?: string } | undefined;

export interface LexOptions {
  readonly escape: string;
  readonly lookup: Lookup;
  /** Keep quotes in the result. */
  readonly keepsQuotes?: boolean;
  /** Keep escape characters in the result. */
  readonly keepsEscapes?: boolean;
  /** Treats quotes as literal characters, as in heredoc bodies. */
  readonly ignoresQuotes?: boolean;
  /** Keeps unset variables as written. */
  readonly keepsUnset?: boolean;
  /** Reports the pieces of the result. */
  readonly keepsPieces?: boolean;
}

export interface LexFailure {
  /** The problem, phrased for the middle of a sentence. */
  readonly message: string;
  readonly range: Range;
}

export interface Lexed {
  readonly result: string;
  /** The result split at unquoted spaces. */
  readonly words: readonly LexedWord[];
  readonly references: readonly LexedReference[];
  /** Names that must be known to determine the result, in order. */
  readonly unknown: readonly string[];
  /** Unset names, also in unused operands. */
  readonly unset: readonly string[];
  /** The pieces of the result, or of what it would be without a failure; only if requested. */
  readonly pieces: readonly LexedPiece[];
  readonly failure?: LexFailure;
}

export interface Lexer {
  readonly text: string;
  readonly options: LexOptions;
  position: number;
  depth: number;
  /** The number of characters that variables have produced so far. */
  produced: number;
  keepsEscapes: boolean;
  /** BuildKit shares one buffer between nested calls, which loses the word before `${a:-b}`; heredocs depend on it. */
  readonly buffer: WordBuffer;
  readonly references: LexedReference[];
  readonly unknown: string[];
  readonly unset: string[];
  /** The pieces of the part being read. */
  pieces: LexedPiece[];
  failure?: LexFailure;
}

/** Adds text that the result contains unchanged from `start`. */
export function noteText(lexer: Lexer, text: string, start: number): void {
  if (lexer.options.keepsPieces === true) addText(lexer.pieces, text, start);
}

// Values that double with each ARG would fill the memory. Real ones are far shorter, and Linux limits those of programs
// to twice this (MAX_ARG_STRLEN).
export const maxProducedCharacters = 1 << 16;

/** A backslash in a quoted part of a pattern is doubled, because the pattern is read again. */
export type PatternEscapes = "double" | "drop";

export function readSingleQuoted(lexer: Lexer, patternEscapes: PatternEscapes): string | undefined {
  const start = lexer.position;
  const end = lexer.text.indexOf("'", start + 1);
  if (end === -1) {
    lexer.position = lexer.text.length;
    return fail(lexer, "a single quote isn't closed", start);
  }
  lexer.position = end + 1;
  const inside = lexer.text.slice(start + 1, end);
  const { escape } = lexer.options;
  noteText(lexer, inside, start + 1);
  const text = patternEscapes === "double" ? inside.replaceAll(escape, escape + escape) : inside;
  return lexer.options.keepsQuotes ? `'${text}'` : text;
}

/** Reads `<<`, whose word includes the blanks after it. */
export function readHeredocStart(lexer: Lexer): string {
  const start = lexer.position++;
  if (lexer.text[lexer.position] === "<") {
    lexer.position++;
    while (heredocBlanks.has(lexer.text[lexer.position] ?? "")) lexer.position++;
  }
  const text = lexer.text.slice(start, lexer.position);
  noteText(lexer, text, start);
  return text;
}

const heredocBlanks = new Set(["\t", "\r", " "]);

/** Reads a name of letters, digits and `_`; a digit or special parameter is a name on its own. */
export function readName(lexer: Lexer): string {
  const start = lexer.position;
  if (specialParameters.has(lexer.text[start] ?? "")) {
    lexer.position++;
    // BuildKit reads a sequence of digits before it checks for the parameter 0.
  } else {
    nameAt.lastIndex = start;
    lexer.position = start + (nameAt.exec(lexer.text)?.[0].length ?? 0);
  }
  return lexer.text.slice(start, lexer.position);
}

const nameAt = /\p{Nd}+|[\p{L}_][\p{L}\p{Nd}_]*/uy;
const specialParameters = new Set(["@", "*", "#", "?", "-", "$", "!"]);

export function lookUp(lexer: Lexer, name: string): { readonly value?: string } | undefined {
  const found = lexer.options.lookup(name);
  if (!found) lexer.unset.push(name);
  else if (found.value === undefined) lexer.unknown.push(name);
  lexer.produced += found?.value?.length ?? 0;
  if (lexer.produced <= maxProducedCharacters) return found;
  lexer.unknown.push(name);
  return {};
}

export function giveUp(lexer: Lexer, name: string): GivenValue {
  lexer.unknown.push(name);
  return given("unknown", "");
}

export function fail(lexer: Lexer, message: string, start: number): undefined {
  lexer.failure ??= { message, range: { start, end: lexer.text.length } };
  return undefined;
}
