import type { ConfigDigest, DiffId, IndexDigest, ManifestDigest } from "../core/digest.ts";
import { readRunConfig, type ImageConfig } from "../core/config.ts";
import { count, decode, isAbsent, items, member, optionalNumber, optionalText, present, text, texts, type Json } from "../core/decode.ts";
import { readDescriptor, readDigest, type Descriptor } from "../core/descriptor.ts";
import { parseDigest } from "../core/digest.ts";
import type { Result } from "../core/error.ts";
import { pairEngineHistory, type HistoryStep, type PairedLayer } from "../core/history.ts";
import type { Image, ImageSummary, Layer } from "../core/image.ts";
import { isIndex, isManifest } from "../core/mediaType.ts";
import { matchesPlatform, readPlatform, type Platform } from "../core/platform.ts";

/** An answer of `/images/{name}/json`, classic or containerd store, Docker or Podman. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageInspect */
export interface InspectedImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size?: number;
  readonly config: Omit<ImageConfig, "history">;
  /** What the name points to; containerd store only, from API 1.48. */
  readonly target?: Descriptor;
  /** The platforms of the target, where asked for by `manifests=1`. */
  readonly manifests: readonly InspectedManifest[];
}

export interface InspectedManifest {
  readonly descriptor: Descriptor;
  readonly isImage: boolean;
  readonly platform?: Platform;
  readonly unpackedBytes?: number;
}

/** Which of two ways an engine keeps images in; it decides what an image ID is the digest of. */
export type ImageStore = "classic" | "containerd";

export function decodeInspect(what: string, value: unknown): Result<InspectedImage> {
  return decode(what, "image", value, (json) => {
    const target = member(json, "Descriptor");
    return present({
      id: readId(member(json, "Id")),
      tags: readNames(member(json, "RepoTags")),
      repoDigests: readNames(member(json, "RepoDigests")),
      size: optionalNumber(member(json, "Size")),
      config: readInspectedConfig(json),
      target: isAbsent(target) ? undefined : readDescriptor(target),
      manifests: items(member(json, "Manifests")).map(readManifest),
    });
  });
}

/** An answer of `/images/{name}/history`: newest first, without a word on which steps made a layer. */
export function decodeHistory(what: string, value: unknown): Result<readonly HistoryStep[]> {
  return decode(what, "history", value, (json) =>
    items(json).map((step) =>
      present({
        created: timeOf(optionalNumber(member(step, "Created"))),
        createdBy: optionalText(member(step, "CreatedBy")) ?? "",
        comment: optionalText(member(step, "Comment")) || undefined,
        engineBytes: optionalNumber(member(step, "Size")),
      })));
}

/** An answer of `/images/json`. */
export function decodeImageList(value: unknown): Result<readonly ImageSummary[]> {
  return decode("image list", "images", value, (json) => items(json).map(readSummary));
}

/** Joins what inspect and history tell. In the containerd store the ID is the target's digest, in the classic store the config's. */
export function toImage(reference: string, inspected: InspectedImage, history: readonly HistoryStep[], store: ImageStore): Image {
  const { id, tags, repoDigests, config, size } = inspected;
  const paired = pairEngineHistory(history, config.diffIds.length);
  const manifest = store === "containerd" ? manifestOf(inspected) : undefined;
  return present({
    reference,
    id,
    ...digestsOf(inspected, manifest, store),
    platform: config.platform,
    config: { ...config, history: [...history].reverse() },
    tags,
    repoDigests,
    layers: config.diffIds.map((diffId, index) => toLayer(index, diffId, paired.layers[index])),
    emptyStepsAfter: paired.emptyStepsAfter,
    historyPairing: paired.pairing,
    // The containerd store's Size counts compressed blobs too, so it says neither content nor download.
    engineBytes: store === "classic" ? size : (manifest?.unpackedBytes ?? sumOf(history)),
  });
}

function digestsOf({ id, target }: InspectedImage, manifest: InspectedManifest | undefined, store: ImageStore): Partial<Pick<Image, "configDigest" | "manifestDigest" | "indexDigest">> {
  if (store === "classic") return present({ configDigest: parseDigest(id) as ConfigDigest | undefined });
  const ownManifest = target && isManifest(target.mediaType) ? target.digest : undefined;
  return present({
    manifestDigest: (manifest?.descriptor.digest ?? ownManifest) as ManifestDigest | undefined,
    indexDigest: (target && isIndex(target.mediaType) ? target.digest : undefined) as IndexDigest | undefined,
  });
}

function toLayer(index: number, diffId: DiffId, paired: PairedLayer | undefined): Layer {
  const step = paired?.step;
  return present({ index, diffId, engineBytes: step?.engineBytes, step, emptyStepsBefore: paired?.emptyStepsBefore ?? [] });
}

/** The manifest that was inspected: the only image of its platform. Attestations are of none. */
function manifestOf({ manifests, config }: InspectedImage): InspectedManifest | undefined {
  const fitting = manifests.filter(({ isImage, platform }) => isImage && platform !== undefined && matchesPlatform(config.platform, platform));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function sumOf(history: readonly HistoryStep[]): number | undefined {
  const sizes = history.map(({ engineBytes }) => engineBytes);
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

function readInspectedConfig(json: Json): Omit<ImageConfig, "history"> {
  return present({
    ...readRunConfig(member(json, "Config")),
    platform: present({
      os: optionalText(member(json, "Os")) || "unknown",
      architecture: optionalText(member(json, "Architecture")) || "unknown",
      variant: optionalText(member(json, "Variant")) || undefined,
      osVersion: optionalText(member(json, "OsVersion")) || undefined,
    }),
    created: optionalText(member(json, "Created")) || undefined,
    author: optionalText(member(json, "Author")) || undefined,
    diffIds: items(member(member(json, "RootFS"), "Layers")).map((layer): DiffId => readDigest(layer)),
  });
}

function readManifest(json: Json): InspectedManifest {
  const data = member(json, "ImageData");
  const platform = member(data, "Platform");
  return present({
    descriptor: readDescriptor(member(json, "Descriptor")),
    isImage: optionalText(member(json, "Kind")) === "image",
    platform: isAbsent(platform) ? undefined : readPlatform(platform),
    // 0 where it is not unpacked, which says nothing of its size.
    unpackedBytes: optionalNumber(member(member(data, "Size"), "Unpacked")) || undefined,
  });
}

function readSummary(json: Json): ImageSummary {
  const containers = optionalNumber(member(json, "Containers"));
  return present({
    id: readId(member(json, "Id")),
    tags: readNames(member(json, "RepoTags")),
    repoDigests: readNames(member(json, "RepoDigests")),
    created: optionalNumber(member(json, "Created")),
    engineBytes: isAbsent(member(json, "Size")) ? undefined : count(member(json, "Size")),
    // -1: not counted.
    containers: containers !== undefined && containers >= 0 ? containers : undefined,
  });
}

/** Podman writes some IDs without their algorithm. */
function readId(json: Json): string {
  const id = text(json);
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** API < 1.43 writes `<none>:<none>` and `<none>@<none>` for what has no name. */
function readNames(json: Json): readonly string[] {
  return texts(json).filter((name) => !name.startsWith("<none>"));
}

/** Go's zero time is far below 1970. */
function timeOf(seconds: number | undefined): string | undefined {
  const isTime = seconds !== undefined && seconds >= 0 && seconds < 8.64e12;
  return isTime ? new Date(seconds * 1000).toISOString() : undefined;
}
