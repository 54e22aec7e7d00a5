import type { CharacterTest } from "./regexClass.ts";
import { compileRegex, type Step } from "./regexProgram.ts";

/**
 * A regular expression that takes time in proportion to pattern × text, whatever both are: a user's pattern over an
 * attacker's paths must not hang a view. Knows `. [] () | * + ? {m,n} ^ $ \d \w \s \b` and escapes; ignores case.
 * Undefined for a pattern that isn't valid, is longer than 1,000 steps, or can't be matched in linear time (back
 * references, look-around).
 */
export function regexMatcher(pattern: string): ((text: string) => boolean) | undefined {
  const steps = compileRegex(lowerCaseOf(pattern));
  if (!steps) return undefined;
  const first = firstCharacters(steps);
  return (text) => matches({ steps, first }, text.toLowerCase());
}

/** Lower case but for the letter after a backslash, which says what is meant. */
function lowerCaseOf(pattern: string): string {
  return pattern.replace(/\\.|[^\\]+/gs, (part) => (part.startsWith("\\") ? part : part.toLowerCase()));
}

interface Program {
  readonly steps: readonly Step[];
  /** Tests of a match's first character; undefined if a match may be empty or depends on its position. */
  readonly first: readonly CharacterTest[] | undefined;
}

/** Finds what a match begins with: most characters of a path begin none, and are passed over with one test. */
function firstCharacters(steps: readonly Step[]): readonly CharacterTest[] | undefined {
  const tests: CharacterTest[] = [];
  const seen = new Set<number>();
  const pending = [0];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = steps[index];
    if (step?.kind === "character") tests.push(step.matches);
    else if (step?.kind === "jump") for (const by of step.by) pending.push(index + by);
    else return undefined;
  }
  return tests;
}

/** Follows all paths through the program at once, one character after the other (Thompson's construction). */
function matches({ steps, first }: Program, text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let current: readonly number[] = [];
  for (let at = 0; at <= text.length; at++) {
    if (current.length === 0 && first && !first.some((passes) => passes(text.charCodeAt(at)))) continue;
    const here: Following = { steps, seen, text, at };
    const next = advance(here, current);
    // The match may begin anywhere.
    if (next === "matched" || follow(here, 0, next)) return true;
    current = next;
  }
  return false;
}

/** The steps that wait for the next character, after those that waited for the one before. */
function advance(here: Following, waiting: readonly number[]): number[] | "matched" {
  const { steps, text, at } = here;
  const next: number[] = [];
  for (const index of waiting) {
    const step = steps[index];
    if (step?.kind !== "character" || !step.matches(text.charCodeAt(at - 1))) continue;
    if (follow(here, index + 1, next)) return "matched";
  }
  return next;
}

interface Following {
  readonly steps: readonly Step[];
  /** The position at which each step was last reached. */
  readonly seen: Int32Array;
  readonly text: string;
  readonly at: number;
}

/** Adds the characters that can come next from a step on; true if the end is reached. */
function follow({ steps, seen, text, at }: Following, start: number, into: number[]): boolean {
  const pending = [start];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (seen[index] === at) continue;
    seen[index] = at;
    const step = steps[index];
    if (step === undefined || step.kind === "end") return true;
    if (step.kind === "character") into.push(index);
    else if (step.kind === "jump") for (const by of step.by) pending.push(index + by);
    else if (step.holds(text, at)) pending.push(index + 1);
  }
  return false;
}
