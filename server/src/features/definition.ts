import { contextFileAt } from "../../../dockerfile/navigation/contextFile.ts";
import { definitionAt, placesAt, type Place } from "../../../dockerfile/navigation/navigate.ts";
import type { Definition } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { imageDefinition } from "../workspace/imageDefinition.ts";

/**
 * The declaration of the stage, variable or heredoc at an offset of a Dockerfile, the file that a COPY source names, or
 * the Dockerfiles of the workspace from which the image is built.
 */
export function definition(snapshot: Snapshot, offset: number): Definition | undefined {
  const { build } = snapshot;
  return definitionAt(build, offset) ?? contextFileAt(build, offset) ?? imageDefinition(snapshot, offset);
}

/** All occurrences of the stage, variable or heredoc at an offset of a Dockerfile. */
export function places({ build }: Snapshot, offset: number): readonly Place[] {
  return placesAt(build, offset);
}
