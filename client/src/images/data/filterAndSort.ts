import type { ImageSummary } from "../../../../oci/core/image.ts";
import { imageName, repositoriesOf } from "../labels/names.ts";
import { matchesWords, searchWords } from "../search.ts";
import type { Sorting, ViewOptions } from "../viewOptions.ts";

/** The images to show, and the number of dangling images that are hidden. */
export interface VisibleImages {
  readonly images: readonly ImageSummary[];
  readonly hiddenDangling: number;
}

export function visibleImages(
  images: readonly ImageSummary[],
  { showsDangling, filter, sortBy }: ViewOptions,
): VisibleImages {
  const words = searchWords(filter);
  const matching = words.length === 0 ? images : images.filter((image) => matchesWords(image, words));
  const shown = showsDangling ? matching : matching.filter(({ tags }) => tags.length > 0);
  return { images: sorted(shown, sortBy), hiddenDangling: matching.length - shown.length };
}

/** Images with a name in one repository; `repository` is absent for images without any name. */
export interface RepositoryImages {
  readonly repository?: string;
  /** In the given order. */
  readonly images: readonly ImageSummary[];
}

/**
 * Groups images by repository; an image is in the group of each of its repositories. Groups are in the order of their
 * first images, or by name; images without a name are last.
 */
export function byRepository(images: readonly ImageSummary[], sortBy: Sorting): readonly RepositoryImages[] {
  const groups = new Map<string, ImageSummary[]>();
  const nameless: ImageSummary[] = [];
  for (const image of images) {
    const repositories = repositoriesOf(image);
    if (repositories.length === 0) nameless.push(image);
    for (const repository of repositories) {
      const members = groups.get(repository);
      if (members) members.push(image);
      else groups.set(repository, [image]);
    }
  }
  const named = [...groups].map(([repository, members]): RepositoryImages => ({ repository, images: members }));
  if (sortBy === "name") {
    const compareNames = nameOrder();
    named.sort((a, b) => compareNames(a.repository ?? "", b.repository ?? ""));
  }
  return nameless.length === 0 ? named : [...named, { images: nameless }];
}

/** The images in sort order. Unknown ages and sizes come last, and equal ones keep the source's order. */
function sorted(images: readonly ImageSummary[], sortBy: Sorting): readonly ImageSummary[] {
  switch (sortBy) {
    case "created":
      return [...images].sort((a, b) => largestFirst(a.created, b.created));
    case "size":
      return [...images].sort((a, b) => largestFirst(a.engineBytes, b.engineBytes));
    case "name":
      return sortedByName(images);
    default:
      return sortBy satisfies never;
  }
}

function largestFirst(a: number | undefined, b: number | undefined): number {
  return (b ?? -Infinity) - (a ?? -Infinity) || 0;
}

function sortedByName(images: readonly ImageSummary[]): readonly ImageSummary[] {
  const compareNames = nameOrder();
  return images
    .map((image) => ({ image, name: imageName(image) }))
    .sort(
      (a, b) => Number(a.image.tags.length === 0) - Number(b.image.tags.length === 0) || compareNames(a.name, b.name),
    )
    .map(({ image }) => image);
}

/** Returns a comparison that sorts `app:9` before `app:10`. Created on first use because it takes milliseconds. */
function nameOrder(): (a: string, b: string) => number {
  const collator = new Intl.Collator("en", { numeric: true });
  return (a, b) => collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
