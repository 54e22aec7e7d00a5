import type { ImageSummary } from "../../../oci/core/image.ts";
import type { RemovalChoice } from "../../../oci/images/removal.ts";
import { independentNames, isWithin } from "./names.ts";
import { type ImageTarget, uniqueImages } from "./targets.ts";

/** What rows of one source stand for when they are to be removed: all names of an image, or those of the repository that its row stands in. */
export function choicesOf(targets: readonly ImageTarget[]): readonly RemovalChoice[] {
  return uniqueImages(targets).map(({ summary }) =>
    choiceOf(summary, targets.filter((target) => target.summary.id === summary.id).flatMap(namesOf)),
  );
}

export function choiceOf(image: ImageSummary, names: readonly string[]): RemovalChoice {
  return { image, names: removableNames(image).every((name) => names.includes(name)) ? "all" : [...new Set(names)] };
}

/** The names that can be taken from an image one by one. */
export function removableNames({ tags, repoDigests }: ImageSummary): readonly string[] {
  return independentNames([...tags, ...repoDigests]);
}

/** The choices as far as they still hold for the images that are there: a name may be another image's by now, and an image may have one more. */
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
