import { isWord } from "./regexClass.ts";
import { compileRegex, type Place, type Step } from "./regexProgram.ts";

/**
 * A regular expression that takes time in proportion to pattern × text, whatever both are: a user's pattern over an
 * attacker's paths must not hang a view. Knows `. [] () | * + ? {m,n} ^ $ \d \w \s \b` and escapes; ignores case.
 * Undefined for a pattern that isn't valid, is longer than 1,000 steps, or can't be matched in linear time (back
 * references, look-around).
 */
export function regexMatcher(pattern: string): ((text: string) => boolean) | undefined {
  const steps = compileRegex(lowerCaseOf(pattern));
  if (!steps) return undefined;
  const automaton = new Automaton(steps);
  return (text) => automaton.matches(text.toLowerCase());
}

/** Lower case but for the letter after a backslash, which says what is meant. */
function lowerCaseOf(pattern: string): string {
  return pattern.replace(/\\.|[^\\]+/gs, (part) => (part.startsWith("\\") ? part : part.toLowerCase()));
}

/** The positions of all paths through the program between two characters. */
interface State {
  /** The steps at which paths are, before jumps and positions are followed. */
  readonly at: readonly number[];
  readonly isStart: boolean;
  readonly isAfterWord: boolean;
  /** The state after each ASCII character, and at {@link end} after the last; undefined until it is first needed. */
  readonly next: (State | undefined)[];
}

/** The state once something has matched. */
const matched: State = { at: [], isStart: false, isAfterWord: false, next: [] };

/** The place of the end of the text in {@link State.next}. */
const end = 128;
/** A pattern can have exponentially many states: those beyond are made again each time, at the cost of their steps. */
const maxStates = 2000;
const fewPaths = 8;

/**
 * Follows all paths through a program at once (Thompson's construction), and remembers where each character leads, so
 * that a character of most texts costs one look-up.
 */
class Automaton {
  readonly #steps: readonly Step[];
  readonly #states = new Map<string, State>();
  readonly #start: State = { at: [0], isStart: true, isAfterWord: false, next: [] };
  /** The number of the closure in which each step was last reached. */
  readonly #seen: Int32Array;
  #closures = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#seen = new Int32Array(steps.length);
  }

  matches(text: string): boolean {
    let state = this.#start;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      state = (code < end ? state.next[code] : undefined) ?? this.#advance(state, code);
      if (state === matched) return true;
    }
    return (state.next[end] ?? this.#advance(state, undefined)) === matched;
  }

  /** The state after a character, or after the end of the text. */
  #advance(state: State, code: number | undefined): State {
    const isBeforeWord = code !== undefined && isWord(code);
    const { isStart, isAfterWord } = state;
    const waiting = this.#waiting(state, {
      isStart,
      isEnd: code === undefined,
      isWordEdge: isAfterWord !== isBeforeWord,
    });
    const next = waiting === "matched" ? matched : this.#stateAfter(waiting, code ?? 0, isBeforeWord);
    if (code === undefined || code < end) state.next[code ?? end] = next;
    return next;
  }

  /** The characters for which paths wait at a place; "matched" if one of them has reached the end of the program. */
  #waiting({ at }: State, place: Place): readonly number[] | "matched" {
    const stamp = ++this.#closures;
    const waiting: number[] = [];
    const pending = [...at];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.#seen[index] === stamp) continue;
      this.#seen[index] = stamp;
      const step = this.#steps[index];
      if (step === undefined || step.kind === "end") return "matched";
      if (step.kind === "character") waiting.push(index);
      else if (step.kind === "jump") for (const by of step.by) pending.push(index + by);
      else if (step.holds(place)) pending.push(index + 1);
    }
    return waiting;
  }

  #stateAfter(waiting: readonly number[], code: number, isAfterWord: boolean): State {
    const at = [0]; // The match may begin anywhere.
    for (const index of waiting) {
      const step = this.#steps[index];
      if (step?.kind === "character" && step.matches(code)) at.push(index + 1);
    }
    const hasRoom = this.#states.size < maxStates;
    // When the states are full, the key of many paths would cost more than following them.
    if (!hasRoom && at.length > fewPaths) return { at, isStart: false, isAfterWord, next: [] };
    const key = `${at.sort((a, b) => a - b).join()} ${isAfterWord}`;
    const state = this.#states.get(key) ?? { at, isStart: false, isAfterWord, next: [] };
    if (hasRoom) this.#states.set(key, state);
    return state;
  }
}
