import { foldsOf, type Fold } from "../../../dockerfile/navigation/folding.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The foldable lines of a Dockerfile. */
export function folds({ file }: Snapshot): readonly Fold[] {
  return foldsOf(file);
}
