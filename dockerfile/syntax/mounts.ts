import type { Flag, Instruction, Word } from "./syntax.ts";

/** A `--mount` of RUN. */
export interface Mount {
  readonly flag: Flag;
  /** Defaults to "bind". */
  readonly type: string;
  readonly source?: Word;
  readonly target?: Word;
  readonly from?: Word;
}

/**
 * The mounts of a RUN; the last of repeated options wins.
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export function mountsOf({ flags }: Instruction): readonly Mount[] {
  return flags
    .filter(({ name }) => name === "mount")
    .map((flag) => {
      const option = (...keys: readonly string[]): Word | undefined =>
        flag.options.findLast(({ key }) => keys.includes(key))?.value;
      const source = option("source", "src");
      const target = option("target", "dst", "destination");
      const from = option("from");
      return {
        flag,
        type: option("type")?.value ?? "bind",
        ...(source && { source }),
        ...(target && { target }),
        ...(from && { from }),
      };
    });
}
