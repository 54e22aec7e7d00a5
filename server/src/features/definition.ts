import { contextFileAt, type ContextFilePath } from "../../../dockerfile/navigation/contextFile.ts";
import { definitionAt, placesAt, type Place } from "../../../dockerfile/navigation/navigate.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/**
 * The declaration of the stage, variable or heredoc at an offset of a Dockerfile, or the file that a COPY source names.
 */
export function definition({ build }: Snapshot, offset: number): Span | ContextFilePath | undefined {
  return definitionAt(build, offset) ?? contextFileAt(build, offset);
}

/** All occurrences of the stage, variable or heredoc at an offset of a Dockerfile. */
export function places({ build }: Snapshot, offset: number): readonly Place[] {
  return placesAt(build, offset);
}
