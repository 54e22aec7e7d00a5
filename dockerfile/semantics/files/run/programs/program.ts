import type { Machine } from "../machine.ts";
import type { Output, Result } from "../output.ts";

/** A program and its arguments. */
export interface Call {
  readonly program: string;
  readonly words: readonly string[];
  /** Like `words`, with patterns that may match more than is listed. */
  readonly noted: readonly string[];
  /** The first word whose value is known only during the build. */
  readonly unclear?: string;
  /** True if a pattern among the words may match more than is listed. */
  readonly isPartial: boolean;
  readonly environment: ReadonlyMap<string, string>;
  readonly input: Output;
}

/** The reason why the effect of a program with its arguments is unknown. */
export interface Unfollowed {
  readonly unfollowed: string;
}

/** The call is treated like that of an unknown program, for this reason if there is one. */
export interface NotFollowed {
  readonly other: string | undefined;
}

/** Applies a program's effect to the machine, as far as GNU coreutils and busybox agree. */
export type Program = (call: Call, machine: Machine) => Result | Unfollowed | NotFollowed;
