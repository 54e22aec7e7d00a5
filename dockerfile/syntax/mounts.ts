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
  return flags.flatMap((flag) => (flag.name === "mount" ? [mountOf(flag)] : []));
}

function mountOf(flag: Flag): Mount {
  const mount: { -readonly [Key in keyof Mount]: Mount[Key] } = { flag, type: "bind" };
  for (const { key, value } of flag.options) {
    if (!value) continue;
    if (key === "type") mount.type = value.value;
    else if (key === "from") mount.from = value;
    else if (key === "source" || key === "src") mount.source = value;
    else if (key === "target" || key === "dst" || key === "destination") mount.target = value;
  }
  return mount;
}
