/** One step of a shell pattern: a character, any one character, or any run of them. */
type Step =
  { readonly kind: "character"; readonly character: string } | { readonly kind: "one" } | { readonly kind: "run" };

export type ShellPattern = readonly Step[];

/**
 * Parses the pattern of `${name#…}`, `${name%…}` and `${name/…}`: `*`, `?` and backslash escapes; undefined if an
 * escape isn't allowed.
 * @see moby/buildkit frontend/dockerfile/shell/lex.go convertShellPatternToRegex
 */
export function parsePattern(text: string): ShellPattern | undefined {
  const steps: Step[] = [];
  const characters = Array.from(text);
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    if (character === "*") steps.push({ kind: "run" });
    else if (character === "?") steps.push({ kind: "one" });
    else if (character !== "\\") steps.push({ kind: "character", character });
    else {
      const next = characters[index + 1] ?? "";
      // } and / must be escaped inside ${…}; that escape isn't part of the pattern.
      if (next === "}" || next === "/") continue;
      if (next !== "*" && next !== "?" && next !== "\\") return undefined;
      steps.push({ kind: "character", character: next });
      index++;
    }
  }
  return steps;
}

/** Removes the match at the start of `value`. */
export function trimPrefix(pattern: ShellPattern, value: string, reach: "shortest" | "longest"): string {
  const characters = Array.from(value);
  const end = matchAt(pattern, characters, 0, reach);
  return end === undefined ? value : characters.slice(end).join("");
}

/** Removes the match at the end of `value`. */
export function trimSuffix(pattern: ShellPattern, value: string, reach: "shortest" | "longest"): string {
  const characters = Array.from(value).reverse();
  const end = matchAt(pattern.toReversed(), characters, 0, reach);
  return end === undefined ? value : characters.slice(end).reverse().join("");
}

/** Replaces the first or every match in `value`; a match is as long as possible. */
export function replaceMatches(
  pattern: ShellPattern,
  value: string,
  replacement: string,
  count: "first" | "all",
): string {
  const characters = Array.from(value);
  const output: string[] = [];
  let previousEnd = -1;
  let position = 0;
  while (position <= characters.length) {
    const end = matchAt(pattern, characters, position, "longest");
    if (end !== undefined && !(end === position && position === previousEnd)) {
      output.push(replacement);
      previousEnd = end;
      if (count === "first") return output.join("") + characters.slice(end).join("");
      if (end > position) {
        position = end;
        continue;
      }
    }
    output.push(characters[position] ?? "");
    position++;
  }
  return output.join("");
}

/** The maximum number of steps for matching such a pattern; callers reject excessive ones. */
export function matchCost(pattern: ShellPattern, value: string): number {
  return pattern.length * value.length * value.length;
}

/**
 * The end of a match that begins at `start`. All ways through the pattern are followed at once: no input takes
 * exponential time.
 */
function matchAt(
  pattern: ShellPattern,
  characters: readonly string[],
  start: number,
  reach: "shortest" | "longest",
): number | undefined {
  let states = followRuns(pattern, new Set([0]));
  let end: number | undefined;
  for (let position = start; states.size > 0; position++) {
    if (states.has(pattern.length)) {
      end = position;
      if (reach === "shortest") return end;
    }
    const character = characters[position];
    if (character === undefined) break;
    states = followRuns(pattern, step(pattern, states, character));
  }
  return end;
}

function step(pattern: ShellPattern, states: ReadonlySet<number>, character: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const item = pattern[state];
    if (!item) continue;
    if (item.kind === "character") {
      if (item.character === character) next.add(state + 1);
    } else if (character !== "\n") {
      next.add(item.kind === "one" ? state + 1 : state);
    }
  }
  return next;
}

/** A run may be empty. */
function followRuns(pattern: ShellPattern, states: Set<number>): Set<number> {
  for (const state of states) {
    if (pattern[state]?.kind === "run") states.add(state + 1);
  }
  return states;
}
