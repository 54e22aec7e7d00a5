import { mountsOf, type Mount } from "../syntax/mounts.ts";
import type { Instruction } from "../syntax/syntax.ts";

/** The mounts that hide a folder of the image: at it or above it. */
export function mountsAt(instruction: Instruction, folder: string): readonly Mount[] {
  return mountsOf(instruction).filter(
    ({ target }) => target !== undefined && `${folder}/`.startsWith(target.value.replace(/\/*$/, "/")),
  );
}
