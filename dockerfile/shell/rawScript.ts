import type { ShellCommand, ShellNesting } from "./shell.ts";
import type { RawWord } from "./words.ts";

/** Half-open range of indices into the parsed text. */
export interface RawRange {
  readonly start: number;
  readonly end: number;
}

/** A command by indices into the parsed text; otherwise like `ShellCommand`. */
export interface RawCommand extends RawRange {
  readonly name: string | undefined;
  readonly nameRange: RawRange;
  readonly assignments: readonly (RawRange & { readonly name: string; readonly value: RawWord | undefined })[];
  readonly arguments: readonly RawWord[];
  readonly redirections: (RawRange & { readonly operator: string; readonly target: RawWord | undefined })[];
  readonly joinedBy: ShellCommand["joinedBy"];
  readonly nesting: readonly ShellNesting[];
}

/** The commands of a text by indices into it; equal texts are thus parsed only once. */
export interface RawScript {
  readonly commands: readonly RawCommand[];
  readonly pipes: readonly RawRange[];
  readonly hasErrors: boolean;
  /** Why commands are missing: the text is too "long", or some are nested too "deep"; undefined where all were read. */
  readonly unread: "long" | "deep" | undefined;
}
