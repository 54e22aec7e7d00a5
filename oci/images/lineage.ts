import { present } from "../core/decode.ts";
import { parseDigest, type Digest, type DiffId } from "../core/digest.ts";
import { prefixTree, root, type PrefixTree } from "./prefixTree.ts";
import type { Platform } from "../core/platform.ts";
import { familiarReference, parseReference, withDefaultTag } from "../core/reference.ts";
import { compareText } from "../core/text.ts";

/** The data that an image's lineage is determined from. */
export interface LineageImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  /** The platform's own manifest, if the ID is another digest. */
  readonly manifestDigest?: Digest;
  /** Absent if unknown: such an image may be of any platform. */
  readonly platform?: Platform;
  /** Base first. */
  readonly diffIds: readonly DiffId[];
  /** `created_by` of all steps, oldest first. Distinguishes images with the same layers. */
  readonly steps: readonly string[];
  /** Annotations of manifest and index, which may contain `org.opencontainers.image.base.*`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels, which may contain the same keys, but possibly inherited from the base. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The image from which another was built. */
export interface BaseImage {
  /** The recorded name, or else the name of the image that was found; absent if it has none. */
  readonly name?: string;
  /** The recorded `org.opencontainers.image.base.digest`. */
  readonly digest?: Digest;
  /** The ID of the base among the searched images. */
  readonly imageId?: string;
  /** The number of lowest layers that belong to the base; absent if the base is recorded but isn't here to compare. */
  readonly layerCount?: number;
  /**
   * "exact": recorded, and its layers match; "recorded": it isn't here to compare, or is of another platform; "layers":
   * not recorded, the image here with the longest chain of our lowest layers; "contradicted": recorded, but its layers
   * don't match (its tag has moved).
   */
  readonly confidence: "exact" | "recorded" | "layers" | "contradicted";
}

/** Lineage among some images, for repeated queries. */
export interface Lineage {
  /** The base of an image. @see baseOf */
  baseOf(image: LineageImage): BaseImage | undefined;
  /** The images built on an image. @see derivedOf */
  derivedOf(image: LineageImage): readonly LineageImage[];
}

/**
 * Finds the base of an image. The sources in order are its annotations, labels that it didn't inherit from the image
 * nearest by layers, and the longest chain of layers shared with one of `others`. Undefined if none is conclusive. If
 * the nearest image isn't among `others`, a label may name the base of the base.
 * @see image-spec annotations.md
 */
export function baseOf(image: LineageImage, others: readonly LineageImage[]): BaseImage | undefined {
  return createLineage(others).baseOf(image);
}

/**
 * Returns the images whose lowest layers are all layers of this one, nearest first. An image with the same number of
 * layers counts if its steps continue this one's.
 */
export function derivedOf(image: LineageImage, others: readonly LineageImage[]): readonly LineageImage[] {
  return createLineage(others).derivedOf(image);
}

/** Prepares for repeated queries; linear in all layers and steps. */
export function createLineage(images: readonly LineageImage[]): Lineage {
  const index = indexOf(images);
  return {
    baseOf: (image) => recordedBase(image, index) ?? baseByLayers(image, index),
    derivedOf: (image) => derivedImages(image, index),
  };
}

/** The searched images, best-known first: of several equal matches, a tagged one wins, then by name and ID. */
interface Index {
  readonly images: readonly LineageImage[];
  readonly layers: PrefixTree;
  readonly steps: PrefixTree;
  /** By node of `layers`: the images that have exactly these layers. */
  readonly withLayers: ReadonlyMap<number, SameLayers>;
  readonly byDigest: ReadonlyMap<string, readonly LineageImage[]>;
  readonly byTag: ReadonlyMap<string, readonly LineageImage[]>;
}

/** Images with the same layers. */
interface SameLayers {
  readonly best: LineageImage;
  /** By node of `steps`. */
  readonly bySteps: Map<number, LineageImage>;
}

function indexOf(unsorted: readonly LineageImage[]): Index {
  const images = bestKnownFirst(unsorted);
  const layers = prefixTree(images.map(({ diffIds }) => diffIds));
  const steps = prefixTree(images.map((image) => image.steps));
  const withLayers = new Map<number, SameLayers>();
  for (const [index, image] of images.entries()) {
    const node = layers.ends[index] ?? root;
    const same = withLayers.get(node) ?? { best: image, bySteps: new Map<number, LineageImage>() };
    withLayers.set(node, same);
    const end = steps.ends[index] ?? root;
    if (!same.bySteps.has(end)) same.bySteps.set(end, image);
  }
  // An image without layers would be the base of every image.
  withLayers.delete(root);
  const bases = images.filter(({ diffIds }) => diffIds.length > 0);
  return {
    images,
    layers,
    steps,
    withLayers,
    byDigest: groupedBy(bases, digestsOf),
    byTag: groupedBy(bases, ({ tags }) => tags.flatMap((tag) => comparableName(tag) ?? [])),
  };
}

function recordedBase(image: LineageImage, index: Index): BaseImage | undefined {
  const record = recordOf(image.annotations) ?? ownLabels(image, index);
  if (!record) return undefined;
  const candidates = findRecordedBase(record, index).filter(
    (other) => other.id !== image.id && mayBeOfOnePlatform(image, other),
  );
  const base =
    candidates.find((candidate) => sharedLayers(candidate, image) === candidate.diffIds.length) ?? candidates[0];
  if (!base) return { ...record, confidence: "recorded" };
  const layerCount = sharedLayers(base, image);
  const confidence: BaseImage["confidence"] = layerCount === base.diffIds.length ? "exact" : "contradicted";
  return present({
    name: record.name ?? nameOf(base),
    digest: record.digest,
    imageId: base.id,
    layerCount,
    confidence,
  });
}

type BaseRecord = Pick<BaseImage, "name" | "digest">;

/** The base recorded in labels, unless they are inherited: then the base has the same ones. */
function ownLabels(image: LineageImage, index: Index): BaseRecord | undefined {
  const record = recordOf(image.labels ?? {});
  const inherited = record && recordOf(nearestByLayers(image, index)?.base.labels ?? {});
  return record?.name === inherited?.name && record?.digest === inherited?.digest ? undefined : record;
}

/** True unless the platforms differ. Images of another platform have other layers, which isn't a contradiction. */
function mayBeOfOnePlatform({ platform: a }: LineageImage, { platform: b }: LineageImage): boolean {
  return a === undefined || b === undefined || (a.os === b.os && a.architecture === b.architecture);
}

function recordOf(texts: Readonly<Record<string, string>>): BaseRecord | undefined {
  const name = texts["org.opencontainers.image.base.name"] || undefined;
  const digest = parseDigest(texts["org.opencontainers.image.base.digest"] ?? "");
  return name === undefined && digest === undefined ? undefined : present({ name, digest });
}

/** The images with the recorded digest, or else those with the recorded name now. */
function findRecordedBase({ name, digest }: BaseRecord, { byDigest, byTag }: Index): readonly LineageImage[] {
  const sameContent = digest === undefined ? undefined : byDigest.get(digest);
  return sameContent ?? (name === undefined ? undefined : byTag.get(comparableName(name) ?? "")) ?? [];
}

function baseByLayers(image: LineageImage, index: Index): BaseImage | undefined {
  const nearest = nearestByLayers(image, index);
  return (
    nearest &&
    present({
      name: nameOf(nearest.base),
      imageId: nearest.base.id,
      layerCount: nearest.layerCount,
      confidence: "layers" as const,
    })
  );
}

function nearestByLayers(
  image: LineageImage,
  { layers, steps, withLayers }: Index,
): { readonly base: LineageImage; readonly layerCount: number } | undefined {
  const stepsEnd = longestProperPrefix(steps, image.steps);
  for (let node = layers.find(image.diffIds); node !== root; node = layers.parents[node] ?? root) {
    const layerCount = layers.depths[node] ?? 0;
    const same = withLayers.get(node);
    const earlier = same && longestSteps(same, steps, stepsEnd);
    const base = layerCount === image.diffIds.length ? earlier : (earlier ?? same?.best);
    if (base && base.id !== image.id) return { base, layerCount };
  }
  return undefined;
}

/** The end of the longest known list of steps that our steps continue. */
function longestProperPrefix(steps: PrefixTree, own: readonly string[]): number {
  const node = steps.find(own);
  return steps.depths[node] === own.length ? (steps.parents[node] ?? root) : node;
}

/** The image with the most steps in common. An image without steps isn't evidence, whatever layers it has. */
function longestSteps({ bySteps }: SameLayers, steps: PrefixTree, end: number): LineageImage | undefined {
  for (let node = end; node !== root; node = steps.parents[node] ?? root) {
    const image = bySteps.get(node);
    if (image) return image;
  }
  return undefined;
}

function derivedImages(image: LineageImage, { images, layers }: Index): readonly LineageImage[] {
  const node = layers.find(image.diffIds);
  const isHere = image.diffIds.length > 0 && layers.depths[node] === image.diffIds.length;
  if (!isHere) return [];
  const above = layers
    .under(node)
    .flatMap((index) => images[index] ?? [])
    .filter(
      (other) =>
        other.id !== image.id && (other.diffIds.length > image.diffIds.length || continues(other.steps, image.steps)),
    );
  // `images`, and so `above`, is best-known first; the sort keeps that order among equals.
  return above.sort((a, b) => a.diffIds.length - b.diffIds.length || a.steps.length - b.steps.length);
}

function continues(steps: readonly string[], earlier: readonly string[]): boolean {
  return earlier.length > 0 && earlier.length < steps.length && earlier.every((step, index) => step === steps[index]);
}

function sharedLayers(a: LineageImage, b: LineageImage): number {
  const first = a.diffIds.findIndex((diffId, index) => diffId !== b.diffIds[index]);
  return first === -1 ? a.diffIds.length : first;
}

function digestsOf({ id, repoDigests, manifestDigest }: LineageImage): readonly string[] {
  return [
    id,
    ...repoDigests.map((name) => name.slice(name.indexOf("@") + 1)),
    ...(manifestDigest === undefined ? [] : [manifestDigest]),
  ];
}

/** A name with its tag in a single spelling; undefined if the text isn't a reference. */
function comparableName(text: string): string | undefined {
  const parsed = parseReference(text);
  if (!parsed.ok) return undefined;
  const { digest: _, ...named } = parsed.value;
  return familiarReference(withDefaultTag(named));
}

function groupedBy(
  images: readonly LineageImage[],
  keysOf: (image: LineageImage) => readonly string[],
): ReadonlyMap<string, readonly LineageImage[]> {
  const groups = new Map<string, LineageImage[]>();
  for (const image of images) {
    for (const key of new Set(keysOf(image))) groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return groups;
}

function bestKnownFirst(images: readonly LineageImage[]): readonly LineageImage[] {
  const named = images.map((image) => ({ image, name: nameOf(image) }));
  named.sort(
    (a, b) =>
      Number(a.name === undefined) - Number(b.name === undefined) ||
      compareText(a.name ?? "", b.name ?? "") ||
      compareText(a.image.id, b.image.id),
  );
  return named.map(({ image }) => image);
}

/** The name of an image. Engines list a new tag first, but the image should keep its displayed name. */
function nameOf({ tags }: LineageImage): string | undefined {
  return [...tags].sort()[0];
}
