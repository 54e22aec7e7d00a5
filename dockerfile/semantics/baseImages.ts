import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import type { Scopes } from "../syntax/expand/variables.ts";
import type { Dockerfile, Stage, Word } from "../syntax/syntax.ts";

/** The image that a stage is built from, build arguments at their defaults. */
export interface BaseImage {
  readonly stage: Stage;
  /** As written in FROM. */
  readonly word: Word;
  /** With variables expanded. */
  readonly text: string;
  readonly reference: ImageReference;
}

/** The name in FROM with its variables expanded; undefined if it depends on an unknown value. */
export function baseNameOf(scopes: Scopes, stage: Stage): string | undefined {
  const expanded = scopes.base(stage);
  return expanded && !expanded.failure && expanded.unknown.length === 0 ? expanded.result : undefined;
}

/** By the stage's index; undefined for scratch, stages, and arguments without a default. */
export function baseImagesByStage(file: Dockerfile, scopes: Scopes): readonly (BaseImage | undefined)[] {
  return file.stages.map((stage) => {
    const text = baseNameOf(scopes, stage);
    if (!stage.base || scopes.baseStage(stage) || text === undefined || text === "" || text === "scratch")
      return undefined;
    const parsed = parseReference(text);
    return parsed.ok ? { stage, word: stage.base, text, reference: parsed.value } : undefined;
  });
}
