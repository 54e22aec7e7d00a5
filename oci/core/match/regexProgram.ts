import { anyCharacter, characterTest, escapedTest, readClass, type CharacterTest } from "./regexClass.ts";

/** One step of a compiled pattern. A jump continues at several steps, relative to its own; other steps at the next. */
export type Step =
  | { readonly kind: "character"; readonly matches: CharacterTest }
  | { readonly kind: "position"; readonly holds: (place: Place) => boolean }
  | { readonly kind: "jump"; readonly by: readonly number[] }
  | { readonly kind: "end" };

/** A place between two characters of a text. */
export interface Place {
  readonly isStart: boolean;
  readonly isEnd: boolean;
  /** True between a character of a word and another, or the start or end. */
  readonly isWordEdge: boolean;
}

const maxSteps = 1000;
const maxDepth = 50;

/** Compiles a pattern; undefined if it isn't valid, or is too long. */
export function compileRegex(pattern: string): readonly Step[] | undefined {
  if (pattern.length > maxSteps) return undefined;
  const reader: Reader = { pattern, at: 0, depth: 0 };
  const steps = readAlternatives(reader);
  return steps && reader.at === pattern.length ? [...steps, { kind: "end" }] : undefined;
}

interface Reader {
  readonly pattern: string;
  at: number;
  depth: number;
}

function readAlternatives(reader: Reader): readonly Step[] | undefined {
  if (++reader.depth > maxDepth) return undefined;
  let steps = readSequence(reader);
  while (steps && reader.pattern[reader.at] === "|") {
    reader.at++;
    const other = readSequence(reader);
    steps = other && [jump(1, steps.length + 2), ...steps, jump(other.length + 1), ...other];
  }
  reader.depth--;
  return steps;
}

function readSequence(reader: Reader): readonly Step[] | undefined {
  const steps: Step[] = [];
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const atom = readAtom(reader);
    const repeated = atom && readRepeats(reader, atom);
    if (!repeated || steps.length + repeated.length > maxSteps) return undefined;
    steps.push(...repeated);
  }
  return steps;
}

function readAtom(reader: Reader): readonly Step[] | undefined {
  const character = reader.pattern[reader.at++] ?? "";
  switch (character) {
    case "(":
      return readGroup(reader);
    case "[":
      return readBrackets(reader);
    case "\\":
      return readEscape(reader.pattern[reader.at++] ?? "");
    case ".":
      return [{ kind: "character", matches: anyCharacter }];
    case "^":
      return [{ kind: "position", holds: ({ isStart }) => isStart }];
    case "$":
      return [{ kind: "position", holds: ({ isEnd }) => isEnd }];
    case "*":
    case "+":
    case "?":
      return undefined;
    default:
      return [{ kind: "character", matches: characterTest(character) }];
  }
}

function readGroup(reader: Reader): readonly Step[] | undefined {
  if (reader.pattern.startsWith("?:", reader.at)) reader.at += 2;
  const steps = readAlternatives(reader);
  return reader.pattern[reader.at++] === ")" ? steps : undefined;
}

function readBrackets(reader: Reader): readonly Step[] | undefined {
  const found = readClass(reader.pattern, reader.at);
  if (!found) return undefined;
  reader.at = found.end;
  return [{ kind: "character", matches: found.matches }];
}

function readEscape(letter: string): readonly Step[] | undefined {
  if (letter === "b") return [{ kind: "position", holds: ({ isWordEdge }) => isWordEdge }];
  if (letter === "B") return [{ kind: "position", holds: ({ isWordEdge }) => !isWordEdge }];
  const matches = escapedTest(letter);
  return matches && [{ kind: "character", matches }];
}

/** Applies `*`, `+`, `?` and `{m,n}`. A `?` after them only affects captures, which aren't supported. */
function readRepeats(reader: Reader, atom: readonly Step[]): readonly Step[] | undefined {
  const [text, least, comma, most] =
    /^(?:[*+?]|\{(\d{1,4})(,?)(\d{0,4})\})\??/.exec(reader.pattern.slice(reader.at)) ?? [];
  if (text === undefined) return atom;
  reader.at += text.length;
  if (/[*+?{]/.test(reader.pattern[reader.at] ?? "")) return undefined;
  if (text.startsWith("*")) return repeated(atom, 0, Infinity);
  if (text.startsWith("+")) return repeated(atom, 1, Infinity);
  if (text.startsWith("?")) return repeated(atom, 0, 1);
  const min = Number(least);
  return repeated(atom, min, comma === "" ? min : most === "" ? Infinity : Number(most));
}

function repeated(atom: readonly Step[], min: number, max: number): readonly Step[] | undefined {
  if (max < min || (max === Infinity ? min + 1 : max) * (atom.length + 2) > maxSteps) return undefined;
  const steps: Step[] = [];
  for (let count = 0; count < min; count++) steps.push(...atom);
  if (max === Infinity) steps.push(jump(1, atom.length + 2), ...atom, jump(-atom.length - 1));
  else for (let count = min; count < max; count++) steps.push(jump(1, atom.length + 1), ...atom);
  return steps;
}

function jump(...by: readonly number[]): Step {
  return { kind: "jump", by };
}
