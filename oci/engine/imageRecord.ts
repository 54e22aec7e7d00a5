import type { ConfigDigest, DiffId, IndexDigest, ManifestDigest } from "../core/digest.ts";
import { maxHistory, maxLayers, readRunConfig, type ImageConfig, type RunConfig } from "../core/config.ts";
import {
  decode,
  isAbsent,
  items,
  member,
  noteProblem,
  optionalNumber,
  optionalText,
  present,
  type Json,
} from "../core/decode.ts";
import { readDescriptor, readDigest, type Descriptor } from "../core/descriptor.ts";
import { parseDigest } from "../core/digest.ts";
import type { Result } from "../core/error.ts";
import { pairHistory, type HistoryStep, type PairedLayer } from "../core/history.ts";
import type { EngineSizeKind, Image, Layer, ManifestSummary } from "../core/image.ts";
import { isIndex, isManifest } from "../core/mediaType.ts";
import { manifestFor, readManifests } from "./manifests.ts";
import { readId, readRepoDigests, readTags } from "./names.ts";
import { knownTime, optionalCount } from "./numbers.ts";

/**
 * A response of `/images/{name}/json` from the classic or containerd store, Docker or Podman.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageInspect
 */
export interface InspectedImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size?: number;
  readonly config: Omit<ImageConfig, "history">;
  /** The descriptor that the name points to; containerd store only, from API 1.48. */
  readonly target?: Descriptor;
  /** The manifests of the target, if requested by `manifests=1`; containerd store only, from API 1.48. */
  readonly manifests?: readonly ManifestSummary[];
  /** The manifest that `config` belongs to, unless it is the engine's own choice. */
  readonly chosen?: ManifestSummary;
  /** The engine has the image's config, and its files for containers, but not the blobs of its layers. */
  readonly lacksBlobs?: true;
}

/**
 * An engine's data about an image that inspecting doesn't return; includes the health check if inspecting leaves it
 * out.
 */
export interface ImageRecord extends Pick<RunConfig, "healthcheck" | "healthcheckOptions"> {
  /** Oldest first. */
  readonly history: readonly HistoryStep[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The kind of an engine's image store. Determines which digest an image ID is and what the engine's sizes count. */
export type ImageStore = "classic" | "containerd" | "podman";

export function decodeInspect(what: string, value: unknown): Result<InspectedImage> {
  return decode(what, "image", value, (json) => {
    const target = member(json, "Descriptor");
    return present({
      id: readId(member(json, "Id")),
      tags: readTags(member(json, "RepoTags")),
      repoDigests: readRepoDigests(member(json, "RepoDigests")),
      size: optionalCount(member(json, "Size")),
      config: readInspectedConfig(json),
      target: isAbsent(target) ? undefined : readDescriptor(target),
      manifests: readManifests(member(json, "Manifests")),
    });
  });
}

/** Decodes a response of `/images/{name}/history`, oldest step first. It doesn't record which steps made a layer. */
export function decodeHistory(what: string, value: unknown): Result<readonly HistoryStep[]> {
  return decode(what, "history", value, (json) =>
    items(json, maxHistory)
      .map((step) =>
        present({
          created: timeText(optionalNumber(member(step, "Created"))),
          createdBy: optionalText(member(step, "CreatedBy")) ?? "",
          comment: optionalText(member(step, "Comment")) || undefined,
          engineBytes: optionalCount(member(step, "Size")),
        }),
      )
      .reverse(),
  );
}

/**
 * Joins an engine's data to an image. In the containerd store the ID is the target's digest, elsewhere the config's.
 */
export function toImage(
  reference: string,
  inspected: InspectedImage,
  record: ImageRecord & { readonly store: ImageStore },
): Image {
  const { id, tags, repoDigests, config, manifests } = inspected;
  const { store } = record;
  const history = store === "containerd" ? record.history.map(withoutZeros) : record.history;
  const paired = pairHistory(history, config.diffIds.length);
  const manifest = inspected.chosen ?? (manifests && manifestFor(config.platform, manifests));
  const layers = config.diffIds.map((diffId, index) => toLayer(index, diffId, paired.layers[index]));
  return present({
    reference,
    id,
    ...digestsOf(inspected, manifest, store),
    platform: config.platform,
    config: present({
      ...config,
      history,
      healthcheck: config.healthcheck ?? record.healthcheck,
      healthcheckOptions: config.healthcheckOptions ?? record.healthcheckOptions,
    }),
    tags,
    repoDigests,
    layers,
    emptyStepsAfter: paired.emptyStepsAfter,
    historyPairing: paired.pairing,
    annotations: record.annotations ?? annotationsOf(inspected, manifest),
    manifests,
    engineSizeKind: sizeKinds[store],
    contentFrom: inspected.lacksBlobs && ({ kind: "nowhere" } as const),
    // The containerd store's Size also counts compressed blobs, Podman's its own records: neither is the size of the
    // layers.
    engineBytes: store === "classic" ? inspected.size : (manifest?.unpackedBytes ?? sumOf(layers)),
  });
}

const sizeKinds: Readonly<Record<ImageStore, EngineSizeKind>> = {
  classic: "content",
  containerd: "disk",
  podman: "tar",
};

function digestsOf(
  { id, target }: InspectedImage,
  manifest: ManifestSummary | undefined,
  store: ImageStore,
): Partial<Pick<Image, "configDigest" | "manifestDigest" | "indexDigest">> {
  if (store !== "containerd") return present({ configDigest: parseDigest(id) as ConfigDigest | undefined });
  const ownManifest = target && isManifest(target.mediaType) ? (target.digest as ManifestDigest) : undefined;
  return present({
    manifestDigest: manifest?.digest ?? ownManifest,
    indexDigest: (target && isIndex(target.mediaType) ? target.digest : undefined) as IndexDigest | undefined,
  });
}

/**
 * Annotations of the descriptors, with the manifest's overriding the index's; an engine doesn't return those inside
 * documents. Undefined without any.
 */
function annotationsOf(
  { target }: InspectedImage,
  manifest: ManifestSummary | undefined,
): Readonly<Record<string, string>> | undefined {
  const all = Object.entries({ ...target?.annotations, ...manifest?.annotations }).filter(
    ([name]) => !storeAnnotations.has(name),
  );
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** Annotations with the image's current or former name in the store, which don't describe the image. */
const storeAnnotations: ReadonlySet<string> = new Set([
  "io.containerd.image.name",
  "org.opencontainers.image.ref.name",
]);

function toLayer(index: number, diffId: DiffId, paired: PairedLayer | undefined): Layer {
  const step = paired?.step;
  return present({
    index,
    diffId,
    engineBytes: step?.engineBytes,
    step,
    emptyStepsBefore: paired?.emptyStepsBefore ?? [],
  });
}

function sumOf(layers: readonly Layer[]): number | undefined {
  const sizes = layers.map(({ engineBytes }) => engineBytes);
  return sizes.length > 0 && sizes.every((size) => size !== undefined)
    ? sizes.reduce((sum, size) => sum + size, 0)
    : undefined;
}

/**
 * Removes zeros that mean "unknown". The containerd store writes 0 as the size of a step that isn't unpacked (an
 * unpacked one takes at least a block), and as the time of an undated step (seen in 28.5).
 */
function withoutZeros({ engineBytes, created, ...step }: HistoryStep): HistoryStep {
  return present({
    ...step,
    created: created === timeText(0) ? undefined : created,
    engineBytes: engineBytes || undefined,
  });
}

function readInspectedConfig(json: Json): Omit<ImageConfig, "history"> {
  const rootFs = member(json, "RootFS");
  if (isAbsent(rootFs)) noteProblem(rootFs, "expected the list of layers");
  const { entrypoint, cmd, ...run } = readRunConfig(member(json, "Config"));
  return present({
    ...run,
    // Podman writes an empty list for an unset value.
    entrypoint: entrypoint?.length === 0 ? undefined : entrypoint,
    cmd: cmd?.length === 0 ? undefined : cmd,
    platform: present({
      os: optionalText(member(json, "Os")) || "unknown",
      architecture: optionalText(member(json, "Architecture")) || "unknown",
      variant: optionalText(member(json, "Variant")) || undefined,
      osVersion: optionalText(member(json, "OsVersion")) || undefined,
    }),
    created: timeIn(member(json, "Created")),
    author: optionalText(member(json, "Author")) || undefined,
    diffIds: items(member(rootFs, "Layers"), maxLayers).map((layer): DiffId => readDigest(layer)),
  });
}

/** An RFC 3339 time, as written; undefined for Go's zero time. */
function timeIn(json: Json): string | undefined {
  const time = optionalText(json) ?? "";
  return time === "" || time.startsWith("0001-01-01T00:00:00") ? undefined : time;
}

function timeText(seconds: number | undefined): string | undefined {
  const known = knownTime(seconds);
  return known === undefined ? undefined : new Date(known * 1000).toISOString();
}
