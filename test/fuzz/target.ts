/** Something that takes bytes of anybody. */
export interface Target {
  readonly seeds: readonly Buffer[];
  /** What mutations put in. */
  readonly words: readonly string[];
  /** Rejects or throws if the input breaks a promise. */
  run(input: Buffer): Promise<void> | void;
  /** Ends what was started. */
  stop?(): Promise<void>;
}
