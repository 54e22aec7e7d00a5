import type { CodePointTest } from "./globClass.ts";

/**
 * "one" takes one character, "run" any number of them; "maybe" may skip itself and the "folders" after it, which take
 * everything up to some slash.
 */
export type GlobStep =
  | { readonly kind: "one" | "run"; readonly test: CodePointTest }
  | { readonly kind: "maybe" }
  | { readonly kind: "folders" };

export interface Automaton {
  /** "whole" matches the path itself; "folders" also a folder above it. */
  accepts(path: string, reach: "whole" | "folders"): boolean;
}

/**
 * Follows all ways through the steps at once, with one bit per step: a path takes time proportional to its characters
 * times the steps / 32, whatever the pattern. Memory grows with the steps and the distinct characters of the paths.
 */
export function createAutomaton(steps: readonly GlobStep[]): Automaton {
  const machine = machineOf(withoutRepeats(steps));
  return { accepts: (path, reach) => run(machine, path, reach) };
}

/** Positions as bits, 32 per word; the position after the last step accepts. */
interface Machine {
  readonly steps: readonly GlobStep[];
  readonly words: number;
  readonly runs: Uint32Array;
  readonly maybes: Uint32Array;
  readonly folders: Uint32Array;
  /** The steps that take a character, by its code point. */
  readonly taking: Map<number, Uint32Array>;
  readonly start: Uint32Array;
  readonly state: Uint32Array;
}

const slash = 0x2f;
const newline = 0x0a;
// The letters, digits and punctuation of most names; a name in another script restarts the table.
const maxCharacters = 128;

/** Repeating "any folders" has no effect. */
function withoutRepeats(steps: readonly GlobStep[]): readonly GlobStep[] {
  return steps.filter(({ kind }, at) => (kind !== "maybe" && kind !== "folders") || steps[at - 2]?.kind !== kind);
}

function machineOf(steps: readonly GlobStep[]): Machine {
  const words = (steps.length >> 5) + 1;
  const bitsOf = (isSet: (step: GlobStep) => boolean): Uint32Array => {
    const bits = new Uint32Array(words);
    for (const [at, step] of steps.entries()) if (isSet(step)) bits[at >> 5] = wordAt(bits, at >> 5) | (1 << (at & 31));
    return bits;
  };
  const machine: Machine = {
    steps,
    words,
    runs: bitsOf(({ kind }) => kind === "run"),
    maybes: bitsOf(({ kind }) => kind === "maybe"),
    folders: bitsOf(({ kind }) => kind === "folders"),
    taking: new Map(),
    start: new Uint32Array(words),
    state: new Uint32Array(words),
  };
  machine.start[0] = 1;
  skip(machine, machine.start);
  return machine;
}

function run(machine: Machine, path: string, reach: "whole" | "folders"): boolean {
  const { state } = machine;
  state.set(machine.start);
  for (let index = 0; index < path.length; index++) {
    const codePoint = path.codePointAt(index) ?? 0;
    if (reach === "folders" && codePoint === slash && isAccepting(machine)) return true;
    if (!advance(machine, codePoint)) return false;
    if (codePoint > 0xffff) index++;
  }
  return isAccepting(machine);
}

function isAccepting({ steps, state }: Machine): boolean {
  return ((wordAt(state, steps.length >> 5) >>> (steps.length & 31)) & 1) === 1;
}

/** Advances by a character; false if no way continues. */
function advance(machine: Machine, codePoint: number): boolean {
  const { words, runs, folders, state } = machine;
  const taking = takingOf(machine, codePoint);
  let carried = 0;
  let any = 0;
  for (let word = 0; word < words; word++) {
    const taken = wordAt(state, word) & wordAt(taking, word);
    const stays = taken & (wordAt(runs, word) | wordAt(folders, word));
    const moves = taken & ~wordAt(runs, word) & (codePoint === slash ? -1 : ~wordAt(folders, word));
    state[word] = stays | (moves << 1) | carried;
    carried = moves >>> 31;
    any |= wordAt(state, word);
  }
  if (any !== 0) skip(machine, state);
  return any !== 0;
}

/** Adds the positions reached without a character: after a run, and in and after skippable steps. */
function skip({ words, runs, maybes }: Machine, state: Uint32Array): void {
  let hasGrown = true;
  while (hasGrown) {
    hasGrown = false;
    let carried = 0;
    for (let word = 0; word < words; word++) {
      const here = wordAt(state, word);
      const one = here & (wordAt(runs, word) | wordAt(maybes, word));
      const two = here & wordAt(maybes, word);
      const added = (one << 1) | (two << 2) | carried;
      carried = (one >>> 31) | (two >>> 30);
      if ((added & ~here) !== 0) {
        state[word] = here | added;
        hasGrown = true;
      }
    }
  }
}

function takingOf({ steps, words, taking }: Machine, codePoint: number): Uint32Array {
  const known = taking.get(codePoint);
  if (known) return known;
  if (taking.size >= maxCharacters) taking.clear();
  const bits = new Uint32Array(words);
  for (const [at, step] of steps.entries())
    if (takes(step, codePoint)) bits[at >> 5] = wordAt(bits, at >> 5) | (1 << (at & 31));
  taking.set(codePoint, bits);
  return bits;
}

function takes(step: GlobStep, codePoint: number): boolean {
  if (step.kind === "maybe") return false;
  return step.kind === "folders" ? codePoint !== newline : step.test(codePoint);
}

function wordAt(bits: Uint32Array, word: number): number {
  return bits[word] ?? 0;
}
