import { createHash } from "node:crypto";
import { present } from "../core/decode.ts";
import type { DiffId } from "../core/digest.ts";
import type { EngineSizeKind, Image, Layer } from "../core/image.ts";
import type { LineageImage } from "../images/lineage.ts";
import type { StoredLayer } from "../images/space.ts";

/** The composition of an image without its current names: a few kilobytes, however long its history is. */
export interface Composition extends Pick<
  LineageImage,
  "manifestDigest" | "platform" | "diffIds" | "steps" | "annotations" | "labels"
> {
  readonly layers: readonly StoredLayer[];
  /** Absent if no layer's size is known. */
  readonly sizeKind?: SizeKind;
  /** Set if its name stands for other platforms too, whose layers aren't included. */
  readonly isOneOfSeveral?: true;
}

/**
 * The kind of bytes that a size counts: the engine's (the containerd store keeps blobs in addition to the disk space it
 * counts), or "blob" for blobs as stored, usually compressed (registries and archives).
 */
export type SizeKind = EngineSizeKind | "blob";

const basePrefix = "org.opencontainers.image.base.";
const maxBaseLength = 1024; // Longer than any reference or digest.
const maxStepLength = 200; // Steps are only compared; a heredoc can have megabytes.
const maxShared = 500_000;

/** The data that determines an image's lineage, comparable with a catalog's images. */
export function lineageOf(image: Image): LineageImage {
  const { layers: _, sizeKind: __, isOneOfSeveral: ___, ...composition } = createInterningComposer()(image);
  return { id: image.id, tags: image.tags, repoDigests: image.repoDigests, ...composition };
}

/**
 * Returns a function that makes compositions and shares equal parts: thousands of images have few different base layers
 * and steps.
 */
export function createInterningComposer(): (image: Image) => Composition {
  const layers = new Map<DiffId, StoredLayer>();
  const texts = new Map<string, string>();
  return (image) => {
    // Images before and after this share nothing, which only costs memory.
    if (layers.size > maxShared) layers.clear();
    if (texts.size > maxShared) texts.clear();
    const sizeKind = sizeKindOf(image);
    const stored = image.layers.map((layer) => internLayer(layers, storedLayer(layer, sizeKind)));
    const { manifestDigest, platform, annotations = {}, config, manifests = [] } = image;
    return {
      ...(manifestDigest && { manifestDigest }),
      platform,
      ...(sizeKind && stored.some(({ bytes }) => bytes !== undefined) && { sizeKind }),
      ...(manifests.filter(({ kind }) => kind === "image").length > 1 && { isOneOfSeveral: true as const }),
      layers: stored,
      diffIds: stored.map(({ diffId }) => diffId),
      steps: config.history.map(({ createdBy }) => internText(texts, createdBy)),
      annotations: recordOfBase(annotations),
      labels: recordOfBase(config.labels),
    };
  };
}

function recordOfBase(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const record = Object.entries(texts).filter(
    ([name, value]) => name.startsWith(basePrefix) && value.length <= maxBaseLength,
  );
  return record.length === 0 ? nothing : Object.fromEntries(record);
}

const nothing: Readonly<Record<string, string>> = {};

function sizeKindOf({ layers, engineSizeKind }: Image): SizeKind | undefined {
  if (layers.some(({ engineBytes }) => engineBytes !== undefined)) return engineSizeKind;
  if (layers.some(({ blobBytes }) => blobBytes !== undefined)) return "blob";
  return layers.some(({ contentBytes }) => contentBytes !== undefined) ? "content" : undefined;
}

/** The size of the layer itself. The rest of the image's size would be a guess. */
function bytesOf({ engineBytes, contentBytes, blobBytes }: Layer, sizeKind: SizeKind): number | undefined {
  switch (sizeKind) {
    case "content":
      return engineBytes ?? contentBytes;
    case "disk":
    case "tar":
      return engineBytes;
    case "blob":
      return blobBytes;
    default:
      return sizeKind satisfies never;
  }
}

function storedLayer(layer: Layer, sizeKind: SizeKind | undefined): StoredLayer {
  const { diffId, digest } = layer;
  // If a source doesn't name blobs, layers are compared by DiffID.
  return present({
    diffId,
    blob: sizeKind === "blob" ? (digest ?? diffId) : undefined,
    bytes: sizeKind && bytesOf(layer, sizeKind),
  });
}

function internLayer(shared: Map<DiffId, StoredLayer>, layer: StoredLayer): StoredLayer {
  const known = shared.get(layer.diffId);
  if (known && known.bytes === layer.bytes && known.blob === layer.blob) return known;
  shared.set(layer.diffId, layer);
  return layer;
}

function internText(shared: Map<string, string>, text: string): string {
  const short = text.length <= maxStepLength ? text : `sha256:${createHash("sha256").update(text).digest("hex")}`;
  const known = shared.get(short);
  if (known === undefined) shared.set(short, short);
  return known ?? short;
}
