import type { ContainerSummary } from "../core/container.ts";
import { present } from "../core/decode.ts";
import type { ImageSummary } from "../core/image.ts";
import { prefixTree, root } from "./prefixTree.ts";
import { freedBy, type ByteSum, type StoredImage } from "./space.ts";

/** The content of an engine. */
export interface EngineContent {
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerSummary[];
  /** The composition of the images, as far as they could be read. */
  readonly stored: readonly StoredImage[];
}

/** Names of an image, or the whole image with all its names if given by ID. */
export interface RemovalChoice {
  readonly image: ImageSummary;
  readonly names: readonly string[] | "all";
}

/** The effects of a removal in engines. */
export interface RemovalPlan {
  /** In the order of the choices. */
  readonly removals: readonly Removal[];
  /** The space freed in total, without layers that other images keep and without the images in `unknownSize`. */
  readonly freed: ByteSum;
  /** Removed images whose layers are unknown. */
  readonly unknownSize: readonly ImageSummary[];
  /** Kept images that share layers with removed ones, the one with the most first. */
  readonly sharedWith: readonly LayerSharer[];
}

export interface Removal {
  readonly image: ImageSummary;
  /** Removed names: those chosen, and digests recorded for a repository whose last tag is removed. */
  readonly names: readonly string[];
  /** Kept names, which keep the image too. */
  readonly keptNames: readonly string[];
  /** True if the image itself is removed, not only names of it. */
  readonly isWhole: boolean;
  /** Containers made from a removed image, running or not. */
  readonly containers: readonly ContainerSummary[];
  /** The reason why the engine refuses unless forced. A running container's image stays even then, without a name. */
  readonly refusedFor?: "containers" | "names";
}

export interface LayerSharer {
  readonly image: ImageSummary;
  /** The number of its layers that removed images have too. */
  readonly layerCount: number;
}

export function planRemoval(choices: readonly RemovalChoice[], content: EngineContent): RemovalPlan {
  const removals = choices.map((choice) => removalOf(choice, content.containers));
  return {
    removals,
    ...spaceFreed(
      removals.filter(({ isWhole }) => isWhole).map(({ image }) => image),
      content,
    ),
  };
}

/** The effects of pruning. */
export interface PrunePlan extends Pick<RemovalPlan, "freed" | "unknownSize" | "sharedWith"> {
  /** In list order. */
  readonly images: readonly ImageSummary[];
  /**
   * Images that stay because containers use them, but may lose names. Docker's pruning of unused images keeps in the
   * containerd store only the names that containers were made from, and in the classic store any one name.
   */
  readonly atRisk: readonly ImageSummary[];
}

export function planPrune(which: "dangling" | "unused", content: EngineContent): PrunePlan {
  const { images, containers } = content;
  const used = new Set(containers.map(({ imageId }) => imageId));
  const isUsed = ({ id, containers: count = 0 }: ImageSummary): boolean => used.has(id) || count > 0;
  const going = images.filter((image) => !isUsed(image) && (which === "unused" || image.tags.length === 0));
  const atRisk = which === "unused" ? images.filter((image) => isUsed(image) && image.tags.length > 1) : [];
  return { images: going, atRisk, ...spaceFreed(going, content) };
}

function removalOf({ image, names }: RemovalChoice, containers: readonly ContainerSummary[]): Removal {
  const all = [...new Set([...image.tags, ...image.repoDigests])];
  const going = names === "all" ? all : goingNames(image, new Set(names));
  const keptNames = all.filter((name) => !going.includes(name));
  const isWhole = keptNames.length === 0;
  const users = isWhole ? containers.filter(({ imageId }) => imageId === image.id) : [];
  const isOfSeveralNames = names === "all" && image.tags.length > 1;
  return present({
    image,
    names: going,
    keptNames,
    isWhole,
    containers: users,
    refusedFor: users.length > 0 ? ("containers" as const) : isOfSeveralNames ? ("names" as const) : undefined,
  });
}

/**
 * The names that are removed. A recorded digest stays while its repository has a tag, and counts as a name if it has
 * none.
 * @see github.com/moby/moby daemon/images/image_delete.go
 */
function goingNames({ tags, repoDigests }: ImageSummary, chosen: ReadonlySet<string>): readonly string[] {
  const kept = new Set(tags.filter((tag) => !chosen.has(tag)).map(repositoryOf));
  const losing = new Set(tags.filter((tag) => chosen.has(tag)).map(repositoryOf));
  const follows = (digest: string): boolean =>
    chosen.has(digest) || (losing.has(repositoryOf(digest)) && !kept.has(repositoryOf(digest)));
  return [...new Set([...tags.filter((tag) => chosen.has(tag)), ...repoDigests.filter(follows)])];
}

function repositoryOf(name: string): string {
  return name.replace(/@.*$/s, "").replace(/:[^/:]*$/, "");
}

function spaceFreed(
  going: readonly ImageSummary[],
  { images, stored }: EngineContent,
): Pick<RemovalPlan, "freed" | "unknownSize" | "sharedWith"> {
  const ids = new Set(going.map(({ id }) => id));
  const known = new Set(stored.map(({ id }) => id));
  const layerCounts = sharedLayerCounts(stored, ids);
  const sharers = images.flatMap((image) => {
    const layerCount = layerCounts.get(image.id) ?? 0;
    return layerCount === 0 ? [] : [{ image, layerCount }];
  });
  return {
    freed: freedBy(stored, ids),
    unknownSize: going.filter(({ id }) => !known.has(id)),
    sharedWith: sharers.sort((a, b) => b.layerCount - a.layerCount),
  };
}

/** The number of layers that each kept image shares with removed ones. */
function sharedLayerCounts(stored: readonly StoredImage[], going: ReadonlySet<string>): ReadonlyMap<string, number> {
  const tree = prefixTree(stored.map(({ layers }) => layers.map(({ diffId }) => diffId)));
  const ends = stored.map((image, index) => ({ image, end: tree.ends[index] ?? root }));
  const gone = new Set(ends.flatMap(({ image, end }) => (going.has(image.id) ? tree.pathTo(end) : [])));
  return new Map(
    ends
      .filter(({ image }) => !going.has(image.id))
      .map(({ image, end }) => [image.id, tree.pathTo(end).filter((node) => gone.has(node)).length]),
  );
}
