import { compileRegex, type Step } from "./regexProgram.ts";

/**
 * Returns a test for a regular expression that takes time proportional to pattern × text: a user's pattern over an
 * attacker's paths must not hang a view. Supports `. [] () | * + ? {m,n} ^ $ \d \w \s \b` and escapes; ignores case.
 * Undefined for a pattern that isn't valid, is longer than 1,000 steps, or can't be matched in linear time (back
 * references, look-around).
 */
export function regexMatcher(pattern: string): ((text: string) => boolean) | undefined {
  const steps = compileRegex(lowerCaseOf(pattern));
  return steps && ((text) => matches(steps, text.toLowerCase()));
}

/** The pattern in lower case, except for letters after a backslash, whose case matters. */
function lowerCaseOf(pattern: string): string {
  return pattern.replace(/\\.|[^\\]+/gs, (part) => (part.startsWith("\\") ? part : part.toLowerCase()));
}

/** Follows all paths through the program at once, one character after the other (Thompson's construction). */
function matches(steps: readonly Step[], text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let current: readonly number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const here: Following = { steps, seen, text, at };
    const next = advance(here, current);
    // A match may begin anywhere.
    if (next === "matched" || follow(here, 0, next)) return true;
    current = next;
  }
  return false;
}

/** The steps that wait for the next character, given those that waited for the previous one. */
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

/** Adds the character steps that can come next after a step; true if the end is reached. */
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
