/** Code that accepts bytes from untrusted sources. */
export interface Target {
  readonly seeds: readonly Buffer[];
  /** Words for mutations to insert. */
  readonly words: readonly string[];
  /** Rejects or throws if the input violates a guarantee. */
  run(input: Buffer): Promise<void> | void;
  /** Stops everything that was started. */
  stop?(): Promise<void>;
}
