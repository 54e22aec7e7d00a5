import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import type { Dockerfile, Stage, Word } from "../syntax/syntax.ts";
import { scopesIn } from "./fileScopes.ts";

/** The image that a stage is built from, build arguments at their defaults. */
export interface BaseImage {
  readonly stage: Stage;
  /** As FROM has it. */
  readonly word: Word;
  /** Variables put in. */
  readonly text: string;
  readonly reference: ImageReference;
}

/** The bases that are images and whose names are known: not scratch, no stages, no arguments without a default. */
export function baseImages(file: Dockerfile): readonly BaseImage[] {
  const scopes = scopesIn(file);
  return file.stages.flatMap((stage) => {
    const expanded = scopes.base(stage);
    if (!stage.base || scopes.baseStage(stage) || !expanded || expanded.failure || expanded.unknown.length > 0 || expanded.result === "scratch") return [];
    const parsed = parseReference(expanded.result);
    return parsed.ok ? [{ stage, word: stage.base, text: expanded.result, reference: parsed.value }] : [];
  });
}
