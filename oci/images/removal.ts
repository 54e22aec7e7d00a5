import type { ContainerSummary } from "../core/container.ts";
import { present } from "../core/decode.ts";
import type { ImageSummary } from "../core/image.ts";
import { prefixTree, root } from "./prefixTree.ts";
import { freedBy, type ByteSum, type StoredImage } from "./space.ts";

/** What an engine has. */
export interface EngineContent {
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerSummary[];
  /** What the images are made of, as far as they could be read. */
  readonly stored: readonly StoredImage[];
}

/** Names of an image, or by its ID the whole image with all of them. */
export interface RemovalChoice {
  readonly image: ImageSummary;
  readonly names: readonly string[] | "all";
}

/** What removing would take along, as engines do it. */
export interface RemovalPlan {
  /** In the order of the choices. */
  readonly removals: readonly Removal[];
  /** What all of it gives back together, layers that stay for other images left out. Without the images in `unknownSize`. */
  readonly freed: ByteSum;
  /** Images that go and whose layers are not known. */
  readonly unknownSize: readonly ImageSummary[];
  /** Images that stay and have layers of those that go, the one with the most first. */
  readonly sharedWith: readonly LayerSharer[];
}

export interface Removal {
  readonly image: ImageSummary;
  /** Names that go: those chosen, and digests recorded for a repository whose last tag goes. */
  readonly names: readonly string[];
  /** Names that stay, and the image with them. */
  readonly keptNames: readonly string[];
  /** Whether the image goes, not only names of it. */
  readonly isWhole: boolean;
  /** Containers made from an image that goes, running or not. */
  readonly containers: readonly ContainerSummary[];
  /** What the engine refuses it for, unless forced; a running container's image stays even then, without a name. */
  readonly refusedFor?: "containers" | "names";
}

export interface LayerSharer {
  readonly image: ImageSummary;
  /** How many of its layers images have that go. */
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

/** What pruning would take along. */
export interface PrunePlan extends Pick<RemovalPlan, "freed" | "unknownSize" | "sharedWith"> {
  /** In the order of the list. */
  readonly images: readonly ImageSummary[];
  /** Images that containers use, and so stay, but may lose names: Docker's own pruning of unused images leaves the containerd store those names only that containers were made from, and the classic store any one. */
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

/** A recorded digest stays as long as its repository has a tag, and is a name by itself where it has none. @see github.com/moby/moby daemon/images/image_delete.go */
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

/** How many layers each image that stays has in common with those that go. */
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
