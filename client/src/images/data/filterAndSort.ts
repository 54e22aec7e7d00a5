import type { ImageSummary } from "../../../../oci/core/image.ts";
import { imageName, repositoriesOf } from "../labels/names.ts";
import { matchesWords, searchWords } from "../search.ts";
import type { Sorting, ViewOptions } from "../viewOptions.ts";

/** The images that are on show, and how many dangling ones are left out of them. */
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

/** Images that have a name in one repository; `repository` is absent for those without any name. */
export interface RepositoryImages {
  readonly repository?: string;
  /** In the order given. */
  readonly images: readonly ImageSummary[];
}

/** An image stands under every repository that it has a name in. Groups come in the order of their first images, or by name; those without a name are last. */
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

/** Unknown ages and sizes come last; where two are alike the order of the source stays. */
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

/** `app:9` before `app:10`. Made when it is needed: it takes milliseconds of the start otherwise. */
function nameOrder(): (a: string, b: string) => number {
  const collator = new Intl.Collator("en", { numeric: true });
  return (a, b) => collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
