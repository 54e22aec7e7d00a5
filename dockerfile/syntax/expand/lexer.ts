import {
  fail,
  lookUp,
  noteText,
  readHeredocStart,
  readName,
  readSingleQuoted,
  type Lexed,
  type Lexer,
  type LexOptions,
  type PatternEscapes,
} from "./lexerState.ts";
import { given, type GivenValue, type LexedReference } from "./pieces.ts";
import {
  modifierAt,
  modifierKinds,
  substituteAlternative,
  substituteReplaced,
  substituteTrimmed,
  type Operand,
  type Substitution,
} from "./substitution.ts";
import { newBuffer, newWords, type LexedWord, type Words } from "./wordBuffer.ts";

/**
 * Expands variables and removes quotes and escapes as BuildKit's shell lexer does, including its oddities.
 * @see moby/buildkit frontend/dockerfile/shell/lex.go
 */
export function lexShell(text: string, options: LexOptions): Lexed {
  if (plainWord.test(text)) return lexPlain(text, options);
  const lexer: Lexer = {
    text,
    options,
    position: 0,
    depth: 0,
    produced: 0,
    keepsEscapes: options.keepsEscapes ?? false,
    buffer: newBuffer(),
    references: [],
    unknown: [],
    unset: [],
    pieces: [],
  };
  const processed = processUntil(lexer, "", lexer.keepsEscapes, "drop");
  return {
    result: processed?.result ?? "",
    words: processed?.words ?? [],
    references: lexer.references,
    unknown: withoutRepeats(lexer.unknown),
    unset: withoutRepeats(lexer.unset),
    pieces: lexer.pieces,
    ...(lexer.failure ? { failure: lexer.failure } : {}),
  };
}

function withoutRepeats(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}

/** Matches only literal characters: most words of most files. */
const plainWord = /^[A-Za-z0-9_./:=@,+-]*$/;

/** Matches literal characters that never end an operand, as `/` and `}` do. */
const plainRun = /[A-Za-z0-9_.:=@,+-]+/y;

function lexPlain(text: string, { keepsPieces }: LexOptions): Lexed {
  const words = text === "" ? [] : [{ text, start: 0, end: text.length }];
  return {
    result: text,
    words,
    references: [],
    unknown: [],
    unset: [],
    pieces: keepsPieces === true ? words.map(() => ({ kind: "text", text, start: 0 })) : [],
  };
}

// `${a:-${b:-…}}` deeper than this isn't written by a person; the limit keeps the stack small.
const maxDepth = 200;

interface Processed {
  readonly result: string;
  readonly words: readonly LexedWord[];
}

function processUntil(
  lexer: Lexer,
  stop: string,
  keepsEscapes: boolean,
  patternEscapes: PatternEscapes,
): Processed | undefined {
  if (lexer.depth >= maxDepth) return fail(lexer, "variables are nested too deeply", lexer.position);
  const outerKeepsEscapes = lexer.keepsEscapes;
  lexer.keepsEscapes = keepsEscapes;
  lexer.depth++;
  const processed = processCharacters(lexer, stop, patternEscapes);
  lexer.depth--;
  lexer.keepsEscapes = outerKeepsEscapes;
  return processed;
}

function processCharacters(lexer: Lexer, stop: string, patternEscapes: PatternEscapes): Processed | undefined {
  const words = newWords(lexer.buffer);
  const start = lexer.position;
  const parts: string[] = [];
  while (lexer.position < lexer.text.length) {
    const character = lexer.text[lexer.position] ?? "";
    if (character === stop) {
      lexer.position++;
      return { result: parts.join(""), words: words.finish() };
    }
    const part = processOne(lexer, character, words, patternEscapes);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  if (stop !== "") return fail(lexer, `a "${stop}" is missing`, start);
  return { result: parts.join(""), words: words.finish() };
}

function processOne(lexer: Lexer, character: string, words: Words, patternEscapes: PatternEscapes): string | undefined {
  const start = lexer.position;
  if (character === "$") {
    const value = readDollar(lexer);
    if (value !== undefined) words.addSplit(value, { start, end: lexer.position });
    return value;
  }
  if (character === "<" || (!lexer.options.ignoresQuotes && (character === "'" || character === '"'))) {
    const part = readQuotedOrHeredoc(lexer, character, patternEscapes);
    if (part !== undefined) words.add(part, { start, end: lexer.position });
    return part;
  }
  if (character === lexer.options.escape) return processEscape(lexer, words);
  const part = readPlain(lexer, character);
  if (part.length === 1) words.addCharacter(part, start);
  else words.add(part, { start, end: lexer.position });
  noteText(lexer, part, start);
  return part;
}

/** Reads a literal character, with those after it that are literal everywhere. */
function readPlain(lexer: Lexer, character: string): string {
  plainRun.lastIndex = lexer.position;
  const part = plainRun.exec(lexer.text)?.[0] ?? character;
  lexer.position += part.length;
  return part;
}

function processEscape(lexer: Lexer, words: Words): string {
  const start = lexer.position++;
  const kept = lexer.keepsEscapes ? lexer.options.escape : "";
  if (kept !== "") words.add(kept, { start, end: start + 1 });
  noteText(lexer, kept, start);
  const escaped = lexer.text[lexer.position];
  if (escaped === undefined) return kept;
  lexer.position++;
  words.add(escaped, { start, end: lexer.position });
  noteText(lexer, escaped, start + 1);
  return kept + escaped;
}

function readQuotedOrHeredoc(lexer: Lexer, character: string, patternEscapes: PatternEscapes): string | undefined {
  if (character === "'") return readSingleQuoted(lexer, patternEscapes);
  return character === '"' ? readDoubleQuoted(lexer, patternEscapes) : readHeredocStart(lexer);
}

function readDoubleQuoted(lexer: Lexer, patternEscapes: PatternEscapes): string | undefined {
  const start = lexer.position++;
  const quote = lexer.options.keepsQuotes ? '"' : "";
  const parts = [quote];
  while (lexer.position < lexer.text.length) {
    const character = lexer.text[lexer.position] ?? "";
    if (character === '"') {
      lexer.position++;
      parts.push(quote);
      return parts.join("");
    }
    const part = character === "$" ? readDollar(lexer) : readInDoubleQuotes(lexer, character, patternEscapes);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return fail(lexer, "a double quote isn't closed", start);
}

/** Reads text in double quotes, where only `"`, `$` and the escape character itself can be escaped. */
function readInDoubleQuotes(lexer: Lexer, character: string, patternEscapes: PatternEscapes): string {
  const { escape, keepsQuotes } = lexer.options;
  const start = lexer.position;
  if (character !== escape) {
    const part = readPlain(lexer, character);
    noteText(lexer, part, start);
    return part;
  }
  lexer.position++;
  const next = lexer.text[lexer.position];
  if (next === undefined) return "";
  if (next === '"' || next === "$" || next === escape) {
    noteText(lexer, next, lexer.position++);
    return (lexer.keepsEscapes ? escape : "") + next;
  }
  noteText(lexer, escape, start);
  return lexer.keepsEscapes && (!keepsQuotes || patternEscapes === "double") ? escape + escape : escape;
}

function readDollar(lexer: Lexer): string | undefined {
  const start = lexer.position++;
  if (lexer.text[lexer.position] === "{") return readBraces(lexer, start);
  const nameStart = lexer.position;
  const name = readName(lexer);
  if (name === "") {
    noteText(lexer, "$", start);
    return "$";
  }
  const reference = {
    name,
    start,
    end: lexer.position,
    nameRange: { start: nameStart, end: lexer.position },
    modifier: "",
  };
  lexer.references.push(reference);
  return noteValue(lexer, reference, plainValue(lexer, name, lexer.text.slice(start, lexer.position)));
}

function noteValue(lexer: Lexer, reference: LexedReference, value: GivenValue): string {
  if (lexer.options.keepsPieces === true) lexer.pieces.push({ kind: "variable", reference, ...value });
  return value.result;
}

function plainValue(lexer: Lexer, name: string, written: string): GivenValue {
  const found = lookUp(lexer, name);
  if (!found) return given("nothing", lexer.options.keepsUnset ? written : "");
  return found.value === undefined ? given("unknown", "") : given("value", found.value);
}

function readBraces(lexer: Lexer, start: number): string | undefined {
  lexer.position++;
  const first = lexer.text[lexer.position];
  if (first === undefined) return fail(lexer, 'a "}" is missing', start);
  if (first === "{" || first === "}" || first === ":") return fail(lexer, "a variable's name is missing", start);
  const nameStart = lexer.position;
  const name = readName(lexer);
  const nameRange = { start: nameStart, end: lexer.position };
  const modifier = modifierAt(lexer);
  const index = lexer.references.push({ name, nameRange, modifier, start, end: lexer.text.length }) - 1;
  const value = readSubstitution(lexer, { name, modifier, start });
  const reference = { name, nameRange, modifier, start, end: lexer.position };
  lexer.references[index] = reference;
  return value && noteValue(lexer, reference, value);
}

function readSubstitution(lexer: Lexer, substitution: Substitution): GivenValue | undefined {
  const { name, modifier, start } = substitution;
  if (modifier === "") {
    if (lexer.text[lexer.position] !== "}") return fail(lexer, 'a "}" is missing', start);
    lexer.position++;
    return plainValue(lexer, name, `\${${name}}`);
  }
  const kind = modifierKinds.get(modifier);
  if (!kind)
    return fail(lexer, `"${modifier}" is not a modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //)`, start);
  lexer.position += modifier.length;
  switch (kind) {
    case "alternative":
      return readAlternative(lexer, substitution);
    case "trim":
      return readTrim(lexer, substitution);
    case "replace":
      return readReplacement(lexer, substitution);
  }
}

function readOperand(
  lexer: Lexer,
  stop: string,
  escapes: "keep" | "drop",
  patternEscapes: PatternEscapes,
): Operand | undefined {
  const outerPieces = lexer.pieces;
  lexer.pieces = [];
  const operand = processUntil(lexer, stop, escapes === "keep", patternEscapes);
  const { pieces } = lexer;
  lexer.pieces = outerPieces;
  return operand && { text: operand.result, pieces };
}

function readAlternative(lexer: Lexer, substitution: Substitution): GivenValue | undefined {
  const unknownBefore = lexer.unknown.length;
  const word = readOperand(lexer, "}", "drop", "drop");
  return word && substituteAlternative(lexer, substitution, word, unknownBefore);
}

function readTrim(lexer: Lexer, substitution: Substitution): GivenValue | undefined {
  const word = readOperand(lexer, "}", "keep", "double");
  return word && substituteTrimmed(lexer, substitution, word);
}

function readReplacement(lexer: Lexer, substitution: Substitution): GivenValue | undefined {
  const word = readOperand(lexer, "/", "keep", "double");
  const replacement = word && readOperand(lexer, "}", "keep", "drop");
  return replacement && substituteReplaced(lexer, substitution, word, replacement);
}
