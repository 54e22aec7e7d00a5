import { fail, giveUp, lookUp, maxProducedCharacters, type Lexer } from "./lexerState.ts";
import { matchCost, parsePattern, replaceMatches, trimPrefix, trimSuffix, type ShellPattern } from "./pattern.ts";
import { given, type GivenValue, type LexedPiece } from "./pieces.ts";

/** The part of `${name…}` before its operands. */
export interface Substitution {
  readonly name: string;
  readonly modifier: string;
  readonly start: number;
}

/** The text after a modifier, expanded. */
export interface Operand {
  readonly text: string;
  readonly pieces: readonly LexedPiece[];
}

/** The modifier at the lexer's position, which doesn't change; empty if there isn't one. */
export function modifierAt({ text, position }: Lexer): string {
  const first = text[position] ?? "";
  const second = text[position + 1] ?? "";
  if (first === ":") return first + second;
  return (first === "/" || first === "#" || first === "%") && second === first
    ? first + second
    : first === "}"
      ? ""
      : first;
}

/** All modifiers of `${name…}`. @see https://docs.docker.com/reference/dockerfile/#environment-replacement */
export const modifierKinds: ReadonlyMap<string, "alternative" | "trim" | "replace"> = new Map([
  ["-", "alternative"],
  [":-", "alternative"],
  ["+", "alternative"],
  [":+", "alternative"],
  ["?", "alternative"],
  [":?", "alternative"],
  ["#", "trim"],
  ["##", "trim"],
  ["%", "trim"],
  ["%%", "trim"],
  ["/", "replace"],
  ["//", "replace"],
]);

/**
 * Substitutes `${name:-word}` and the like. `unknownBefore` is the number of unknown names before the word was read.
 * Undefined for a failure.
 */
export function substituteAlternative(
  lexer: Lexer,
  { name, modifier, start }: Substitution,
  word: Operand,
  unknownBefore: number,
): GivenValue | undefined {
  const found = lookUp(lexer, name);
  if (!found && lexer.options.keepsUnset) return given("nothing", `\${${name}${modifier}${word.text}}`);
  if (found && found.value === undefined) return given("unknown", "");
  const choice = chooseAlternative(modifier, found?.value, word);
  // Names that only an unused word needs don't matter.
  if (choice?.gave !== "operand") lexer.unknown.length = unknownBefore;
  return choice ?? fail(lexer, word.text || `${name} has no value`, start);
}

/** Chooses the result; undefined if the modifier requires a missing value. */
function chooseAlternative(
  modifier: string,
  value: string | undefined,
  { text, pieces }: Operand,
): GivenValue | undefined {
  const isAbsent = value === undefined || (modifier.startsWith(":") && value === "");
  if (modifier.endsWith("+")) return isAbsent ? given("nothing", "") : given("operand", text, pieces);
  if (!isAbsent) return given("value", value);
  return modifier.endsWith("?") ? undefined : given("operand", text, pieces);
}

/** Substitutes `${name#word}`, `${name%word}` and their doubled forms. Undefined for a failure. */
export function substituteTrimmed(
  lexer: Lexer,
  { name, modifier, start }: Substitution,
  word: Operand,
): GivenValue | undefined {
  const found = lookUp(lexer, name);
  if (!found && lexer.options.keepsUnset) return given("nothing", `\${${name}${modifier}${word.text}}`);
  const pattern = patternOf(lexer, word, start);
  if (!pattern) return undefined;
  const value = found?.value ?? "";
  if (matchCost(pattern, value) > maxMatchCost) return giveUp(lexer, name);
  const trim = modifier.startsWith("#") ? trimPrefix : trimSuffix;
  return given("changed", trim(pattern, value, modifier.length === 2 ? "longest" : "shortest"));
}

/** Substitutes `${name/word/replacement}` and `${name//word/replacement}`. Undefined for a failure. */
export function substituteReplaced(
  lexer: Lexer,
  { name, modifier, start }: Substitution,
  word: Operand,
  replacement: Operand,
): GivenValue | undefined {
  const found = lookUp(lexer, name);
  if (!found && lexer.options.keepsUnset) return given("nothing", `\${${name}/${word.text}/${replacement.text}}`);
  const pattern = patternOf(lexer, word, start);
  if (!pattern) return undefined;
  const value = found?.value ?? "";
  if (matchCost(pattern, value) > maxMatchCost || replacement.text.length * value.length > maxProducedCharacters)
    return giveUp(lexer, name);
  return given("changed", replaceMatches(pattern, value, replacement.text, modifier === "//" ? "all" : "first"));
}

// The number of matching steps that is unnoticeable while typing.
const maxMatchCost = 20_000_000;

function patternOf(lexer: Lexer, { text }: Operand, start: number): ShellPattern | undefined {
  return (
    parsePattern(text) ??
    fail(lexer, "the pattern has an invalid escape: only *, ?, / and the backslash can be escaped", start)
  );
}
