import type { CodePointTest } from "./globClass.ts";

/** "one" takes a character, "run" any number of them; "maybe" may skip itself and the "folders" behind it, which take all up to some slash. */
export type GlobStep =
  | { readonly kind: "one" | "run"; readonly test: CodePointTest }
  | { readonly kind: "maybe" }
  | { readonly kind: "folders" };

/** Follows all ways through the steps at once and remembers where a character leads, so that a context of many files is matched fast. */
export function createAutomaton(steps: readonly GlobStep[]): Automaton {
  const states = new Map<string, State>();
  let transitions = 0;
  const stateOf = (positions: Set<number>): State => {
    const key = [...positions].sort((a, b) => a - b).join();
    const known = states.get(key);
    if (known) return known;
    const state: State = { positions, isAccepting: positions.has(steps.length), next: new Map() };
    states.set(key, state);
    return state;
  };
  const start = stateOf(withSkips(steps, new Set([0])));
  const follow = (state: State, codePoint: number): State => {
    const known = state.next.get(codePoint);
    if (known) return known;
    if (++transitions > maxTransitions) {
      // Patterns made to have many states start anew instead of filling the memory.
      transitions = 0;
      states.clear();
      start.next.clear();
    }
    const next = stateOf(advance(steps, state.positions, codePoint));
    state.next.set(codePoint, next);
    return next;
  };
  return { accepts: (path, reach) => run(start, follow, path, reach) };
}

export interface Automaton {
  /** "whole": the path itself; "folders": or a folder above it. */
  accepts(path: string, reach: "whole" | "folders"): boolean;
}

interface State {
  readonly positions: ReadonlySet<number>;
  readonly isAccepting: boolean;
  readonly next: Map<number, State>;
}

// Usual patterns need some hundreds.
const maxTransitions = 10_000;
const slash = 0x2f;
const newline = 0x0a;

function run(
  start: State,
  follow: (state: State, codePoint: number) => State,
  path: string,
  reach: "whole" | "folders",
): boolean {
  let state = start;
  for (let index = 0; index < path.length; index++) {
    const codePoint = path.codePointAt(index) ?? 0;
    if (reach === "folders" && codePoint === slash && state.isAccepting) return true;
    state = follow(state, codePoint);
    if (state.positions.size === 0) return false;
    if (codePoint > 0xffff) index++;
  }
  return state.isAccepting;
}

function advance(steps: readonly GlobStep[], positions: ReadonlySet<number>, codePoint: number): Set<number> {
  const next = new Set<number>();
  for (const position of positions) {
    const step = steps[position];
    if (!step || step.kind === "maybe") continue;
    if (step.kind === "folders") {
      if (codePoint !== newline) next.add(position);
      if (codePoint === slash) next.add(position + 1);
    } else if (step.test(codePoint)) {
      next.add(step.kind === "one" ? position + 1 : position);
    }
  }
  return withSkips(steps, next);
}

function withSkips(steps: readonly GlobStep[], positions: Set<number>): Set<number> {
  for (const position of positions) {
    const step = steps[position];
    if (step?.kind === "run") positions.add(position + 1);
    if (step?.kind === "maybe") positions.add(position + 1).add(position + 2);
  }
  return positions;
}
