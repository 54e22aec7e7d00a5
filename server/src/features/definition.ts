import { definitionAt, placesAt, type Place } from "../../../dockerfile/navigation/navigate.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The declaration of the stage, variable or heredoc at an offset of a Dockerfile. */
export function definition({ build }: Snapshot, offset: number): Span | undefined {
  return definitionAt(build, offset);
}

/** All occurrences of the stage, variable or heredoc at an offset of a Dockerfile. */
export function places({ build }: Snapshot, offset: number): readonly Place[] {
  return placesAt(build, offset);
}
