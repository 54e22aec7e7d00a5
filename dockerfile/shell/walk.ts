import type { Parser } from "@vscode/tree-sitter-wasm";
import type { RawCommand, RawRange, RawScript } from "./rawScript.ts";
import type { ShellCommand, ShellNesting } from "./shell.ts";
import type { RawWord } from "./words.ts";

/** The collected commands and the state of the walk. */
export interface Walk {
  readonly parser: Parser;
  readonly commands: RawCommand[];
  readonly pipes: RawRange[];
  hasErrors: boolean;
  unread: RawScript["unread"];
  /** The type of the node whose children are visited. */
  parent: string;
  text: string;
  /** For a script inside a script: the position of each of its characters in the outermost text. */
  indices: readonly number[] | undefined;
  scriptDepth: number;
  joinedBy: ShellCommand["joinedBy"];
  nesting: readonly ShellNesting[];
}

/** Notes that something is nested too deep to be visited. */
export function leaveUnread(walk: Walk): void {
  walk.hasErrors = true;
  walk.unread = "deep";
}

/** The position of a character of the text in the outermost text. */
export function outerIndex(walk: Walk, index: number): number {
  return walk.indices?.[index] ?? index;
}

/** A range of the text in the outermost text. */
export function rangeOf(walk: Walk, start: number, end: number): RawRange {
  // An end is right after the last character, not at the next one, which may be further along.
  return { start: outerIndex(walk, start), end: end > start ? outerIndex(walk, end - 1) + 1 : outerIndex(walk, end) };
}

export function wordOf(walk: Walk, word: RawWord): RawWord {
  return { ...word, ...rangeOf(walk, word.start, word.end) };
}
