import { foldsOf, type Fold } from "../../../dockerfile/navigation/folding.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The lines of a Dockerfile that can be folded away. */
export function folds({ file }: Snapshot): readonly Fold[] {
  return foldsOf(file);
}
