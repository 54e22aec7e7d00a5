import { createAutomaton, type GlobStep } from "../patterns/globAutomaton.ts";

/** A compiled pattern that matches whole names. */
export interface GoMatch {
  test(name: string): boolean;
}

/**
 * Compiles a pattern of Go's `path/filepath.Match` for slash-separated names, as BuildKit uses it for COPY sources: `*`
 * and `?` stop at `/`, and `**` isn't supported. Undefined if the pattern is malformed. Matching takes time
 * proportional to the name's length.
 * @see https://pkg.go.dev/path/filepath#Match
 */
export function compileGoMatch(pattern: string): GoMatch | undefined {
  const steps: GlobStep[] = [];
  for (let at = 0; at < pattern.length;) {
    const read = readStep(pattern, at);
    if (!read) return undefined;
    at = read.end;
    // Adjacent stars match the same as a single one.
    if (read.step.kind !== "run" || steps.at(-1)?.kind !== "run") steps.push(read.step);
  }
  const automaton = createAutomaton(steps);
  return { test: (name) => automaton.accepts(name, "whole") };
}

/** True if a COPY source is a pattern. @see https://pkg.go.dev/path/filepath#Match */
export function hasWildcard(source: string): boolean {
  return /[*?[\\]/.test(source);
}

const slash = 0x2f;
const notSlash = (codePoint: number): boolean => codePoint !== slash;

function readStep(pattern: string, at: number): { step: GlobStep; end: number } | undefined {
  const character = characterAt(pattern, at);
  if (character === "*") return { step: { kind: "run", test: notSlash }, end: at + 1 };
  if (character === "?") return { step: { kind: "one", test: notSlash }, end: at + 1 };
  if (character === "[") {
    const set = readSet(pattern, at);
    return set && { step: { kind: "one", test: set.test }, end: set.end };
  }
  const literal = character === "\\" ? characterAt(pattern, at + 1) : character;
  const code = literal?.codePointAt(0);
  if (literal === undefined) return undefined;
  const end = at + (character === "\\" ? 1 : 0) + literal.length;
  return { step: { kind: "one", test: (codePoint) => codePoint === code }, end };
}

/** Reads `[a-z]` or `[^a-z]` from the opening bracket on. */
function readSet(pattern: string, start: number): { test: (codePoint: number) => boolean; end: number } | undefined {
  let i = start + 1;
  const isNegated = pattern[i] === "^";
  if (isNegated) i++;
  const ranges: (readonly [number, number])[] = [];
  while (i < pattern.length && (pattern[i] !== "]" || ranges.length === 0)) {
    const low = readSetCharacter(pattern, i);
    if (!low) return undefined;
    i = low.end;
    let high = low;
    if (pattern[i] === "-") {
      const read = readSetCharacter(pattern, i + 1);
      if (!read) return undefined;
      high = read;
      i = read.end;
    }
    // A reversed range doesn't match anything.
    ranges.push([low.code, high.code]);
  }
  if (pattern[i] !== "]") return undefined;
  const isIn = (codePoint: number): boolean => ranges.some(([low, high]) => low <= codePoint && codePoint <= high);
  return { test: (codePoint) => isIn(codePoint) !== isNegated, end: i + 1 };
}

function readSetCharacter(pattern: string, at: number): { code: number; end: number } | undefined {
  const isEscape = pattern[at] === "\\";
  const character = characterAt(pattern, isEscape ? at + 1 : at);
  // A bare ] or - isn't a member.
  // @see filepath.Match's grammar
  if (character === undefined || (!isEscape && (character === "]" || character === "-"))) return undefined;
  return { code: character.codePointAt(0) ?? 0, end: at + (isEscape ? 1 : 0) + character.length };
}

function characterAt(text: string, at: number): string | undefined {
  const code = text.codePointAt(at);
  return code === undefined ? undefined : String.fromCodePoint(code);
}
