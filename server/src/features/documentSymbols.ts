import { outlineOf, type OutlineItem } from "../../../dockerfile/navigation/outline.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The stages of a Dockerfile with their instructions. */
export function outline({ file }: Snapshot): readonly OutlineItem[] {
  return outlineOf(file);
}
