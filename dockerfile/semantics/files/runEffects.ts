/** A simple command that a RUN runs, in the order in which it runs them: loops unrolled, branches decided. */
export interface RunCommand {
  /** Without its folder: `apt-get`. */
  readonly program: string;
  /** As the program gets them: quotes removed, variables expanded, and patterns if all that they find is known. Text with a `$` if `unclear` is set. */
  readonly words: readonly string[];
  /** The first word that is known only during the build, as written. */
  readonly unclear?: string;
  /** Variables that are set for it in front of its name or by an earlier `export`. */
  readonly environment: ReadonlyMap<string, string>;
  /** What `RunEffects` holds of it: "followed" commands are part of `bytes`, "others" write what only others can tell. */
  readonly effect: "followed" | "other";
  /** Why the rest of its line may not run, or run otherwise, for certain. */
  readonly uncertain?: string;
}

/** What a RUN does to the files of the image. */
export interface RunEffects {
  readonly commands: readonly RunCommand[];
  /** What the followed commands leave in the layer, as overlay2 counts it, if the other commands only add to it. */
  readonly bytes: number;
  /** What they leave in any case. */
  readonly certainBytes: number;
  /** Characters of the targets of new symlinks, which the classic builder counts. */
  readonly linkBytes: number;
  /** Why the followed commands may write more than `bytes`; absent if that is all. Other commands are not meant. */
  readonly gap?: string;
}
