import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import type { Dockerfile, Stage, Word } from "../syntax/syntax.ts";
import { scopesIn } from "./scopes.ts";

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
  return imagesByStage(file).filter((image) => image !== undefined);
}

/** That of one stage. */
export function baseImageOf(file: Dockerfile, stage: Stage | undefined): BaseImage | undefined {
  return stage && imagesByStage(file)[stage.index];
}

const known = new WeakMap<Dockerfile, readonly (BaseImage | undefined)[]>();

function imagesByStage(file: Dockerfile): readonly (BaseImage | undefined)[] {
  let images = known.get(file);
  if (!images) known.set(file, (images = imagesOf(file)));
  return images;
}

/** By the stage's index. */
function imagesOf(file: Dockerfile): readonly (BaseImage | undefined)[] {
  const scopes = scopesIn(file);
  return file.stages.map((stage) => {
    const expanded = scopes.base(stage);
    if (
      !stage.base ||
      scopes.baseStage(stage) ||
      !expanded ||
      expanded.failure ||
      expanded.unknown.length > 0 ||
      expanded.result === "scratch"
    )
      return undefined;
    const parsed = parseReference(expanded.result);
    return parsed.ok ? { stage, word: stage.base, text: expanded.result, reference: parsed.value } : undefined;
  });
}
