import type { ImageSummary } from "../../../oci/core/image.ts";
import type { RemovalChoice } from "../../../oci/images/removal.ts";
import { independentNames, isWithin } from "./names.ts";
import { type ImageTarget, uniqueImages } from "./targets.ts";

/** Converts rows of one source to removal choices: all names of an image, or those in the repository of its row. */
export function choicesOf(targets: readonly ImageTarget[]): readonly RemovalChoice[] {
  return uniqueImages(targets).map(({ summary }) =>
    choiceOf(summary, targets.filter((target) => target.summary.id === summary.id).flatMap(namesOf)),
  );
}

export function choiceOf(image: ImageSummary, names: readonly string[]): RemovalChoice {
  return { image, names: removableNames(image).every((name) => names.includes(name)) ? "all" : [...new Set(names)] };
}

/** The names that can be removed from an image one by one. */
export function removableNames({ tags, repoDigests }: ImageSummary): readonly string[] {
  return independentNames([...tags, ...repoDigests]);
}

/**
 * The choices that still apply to the current images: meanwhile a name may have moved to another image, and an image
 * may have gained one.
 */
export function revalidate(
  choices: readonly RemovalChoice[],
  images: readonly ImageSummary[],
): readonly RemovalChoice[] {
  return choices.flatMap(({ image, names }) => {
    const now = images.find(({ id }) => id === image.id);
    if (!now) return [];
    const owned = removableNames(now);
    const wanted = names === "all" ? removableNames(image) : names;
    const isNameless = wanted.length === 0 && owned.length === 0;
    const kept = wanted.filter((name) => owned.includes(name));
    return isNameless || kept.length > 0 ? [choiceOf(now, kept)] : [];
  });
}

function namesOf({ summary, repository }: ImageTarget): readonly string[] {
  return removableNames(summary).filter((name) => repository === undefined || isWithin(name, repository));
}
