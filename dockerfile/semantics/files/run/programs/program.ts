import type { Machine } from "../machine.ts";
import type { Output, Result } from "../output.ts";

/** A program with the words that it is given. */
export interface Call {
  readonly program: string;
  readonly words: readonly string[];
  /** As `words`, with patterns that may find more than is listed. */
  readonly noted: readonly string[];
  /** The first word that is known only during the build. */
  readonly unclear?: string;
  /** A pattern among the words may find more than is listed. */
  readonly isPartial: boolean;
  readonly environment: ReadonlyMap<string, string>;
  readonly input: Output;
}

/** Why it isn't known what a program does with what it is given. */
export interface Unfollowed {
  readonly unfollowed: string;
}

/** Does on the machine what a program does, as GNU coreutils and busybox agree. */
export type Program = (call: Call, machine: Machine) => Result | Unfollowed;
