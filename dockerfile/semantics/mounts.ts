import type { Instruction } from "../syntax/syntax.ts";

/** A `--mount` of RUN. */
export interface Mount {
  /** "bind" where none is written. */
  readonly type: string;
  readonly target?: string;
  readonly from?: string;
}

/** The mounts of a RUN. @see https://docs.docker.com/reference/dockerfile/#run---mount */
export function mountsOf({ flags }: Instruction): readonly Mount[] {
  return flags
    .filter(({ name }) => name === "mount")
    .map(({ options }) => {
      const option = (...keys: readonly string[]): string | undefined =>
        options.find(({ key }) => keys.includes(key))?.value?.value;
      const target = option("target", "dst", "destination");
      const from = option("from");
      return {
        type: option("type") ?? "bind",
        ...(target !== undefined && { target }),
        ...(from !== undefined && { from }),
      };
    });
}

/** The mounts that hide a folder of the image: at it or above it. */
export function mountsAt(instruction: Instruction, folder: string): readonly Mount[] {
  return mountsOf(instruction).filter(
    ({ target }) => target !== undefined && `${folder}/`.startsWith(target.replace(/\/*$/, "/")),
  );
}
