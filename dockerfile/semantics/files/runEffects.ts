import type { FactKey } from "../../facts/fact.ts";
import type { LayerFiles } from "./tree/layerFiles.ts";

/** A simple command of a RUN, in order of execution: with loops unrolled and branches decided. */
export interface RunCommand {
  /** Without its folder: `apt-get`. */
  readonly program: string;
  /**
   * As passed to the program: quotes removed, variables expanded, and patterns replaced if all their matches are known.
   * Text with a `$` if `unclear` is set.
   */
  readonly words: readonly string[];
  /** The first word whose value is known only during the build, as written. */
  readonly unclear?: string;
  /** Variables set for it before its name or by an earlier `export`. */
  readonly environment: ReadonlyMap<string, string>;
  /**
   * The kind of its effect in `RunEffects`: "followed" commands are part of `bytes`; the writes of "other" commands
   * must be estimated elsewhere.
   */
  readonly effect: "followed" | "other";
  /** The reason why its effect is unknown, if that isn't its program. */
  readonly unknown?: string;
  /** The reason why the rest of its line may not run, or may run differently. */
  readonly uncertain?: string;
}

/** The effects of a RUN on the files of the image. */
export interface RunEffects {
  readonly commands: readonly RunCommand[];
  /**
   * The bytes that the followed commands leave in the layer, as counted by overlay2, if the other commands only add to
   * it.
   */
  readonly bytes: number;
  /** The bytes by which it may be more: packages of earlier lines may have added users. */
  readonly mayHaveMore: number;
  /** The bytes that they leave in any case. */
  readonly certainBytes: number;
  /** Characters of the targets of new symlinks, which the classic builder counts. */
  readonly linkBytes: number;
  /**
   * The reason why the followed commands may write more than `bytes`; absent if that is everything. Excludes other
   * commands.
   */
  readonly gap?: string;
  /** The facts about downloads, archives and texts that it was read with. */
  readonly reads: readonly FactKey[];
  /** Lists what the followed commands leave in the layer; undefined if there are too many paths to list. */
  written(): LayerFiles | undefined;
}
