import { selectionAt } from "../../../dockerfile/navigation/selection.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The ranges around an offset of a Dockerfile, innermost first. */
export function selections({ build }: Snapshot, offset: number): readonly Span[] {
  return selectionAt(build, offset);
}
