import { mountsOf, type Mount } from "../syntax/mounts.ts";
import type { Instruction } from "../syntax/syntax.ts";

/** The mounts at or above a folder of the image, which hide it. */
export function mountsAt(instruction: Instruction, folder: string): readonly Mount[] {
  return mountsOf(instruction).filter(
    ({ target }) => target !== undefined && `${folder}/`.startsWith(target.value.replace(/\/*$/, "/")),
  );
}
