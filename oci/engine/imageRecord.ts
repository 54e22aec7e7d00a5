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

/** An answer of `/images/{name}/json`, classic or containerd store, Docker or Podman. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageInspect */
export interface InspectedImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size?: number;
  readonly config: Omit<ImageConfig, "history">;
  /** What the name points to; containerd store only, from API 1.48. */
  readonly target?: Descriptor;
  /** What the target stands for, where asked for by `manifests=1`; containerd store only, from API 1.48. */
  readonly manifests?: readonly ManifestSummary[];
  /** The one that `config` is of, where it is not the engine's own choice. */
  readonly chosen?: ManifestSummary;
}

/** What an engine tells of an image beside inspecting it; the health check where inspecting does not tell it. */
export interface ImageRecord extends Pick<RunConfig, "healthcheck" | "healthcheckOptions"> {
  /** Oldest first. */
  readonly history: readonly HistoryStep[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How an engine keeps images; it decides what an image ID is the digest of, and what the engine counts. */
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

/** An answer of `/images/{name}/history`, put oldest first; it has no word on which steps made a layer. */
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

/** Joins what an engine tells. In the containerd store the ID is the target's digest, elsewhere the config's. */
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
    // The containerd store's Size counts compressed blobs too, Podman's its own records: neither is the layers'.
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

/** Annotations of the descriptors, the manifest's above the index's: an engine does not give out those within. Undefined without any. */
function annotationsOf(
  { target }: InspectedImage,
  manifest: ManifestSummary | undefined,
): Readonly<Record<string, string>> | undefined {
  const all = Object.entries({ ...target?.annotations, ...manifest?.annotations }).filter(
    ([name]) => !storeAnnotations.has(name),
  );
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** Under what name the store has or had it, which says nothing of the image. */
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
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

/** The containerd store says 0 for what it does not know: the size of what it has not unpacked, where what it has takes a block at least, and the time of a step without (seen in 28.5). */
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
    // Podman writes an empty list where nothing is set.
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

/** RFC 3339, as written; Go's zero time is none. */
function timeIn(json: Json): string | undefined {
  const time = optionalText(json) ?? "";
  return time === "" || time.startsWith("0001-01-01T00:00:00") ? undefined : time;
}

function timeText(seconds: number | undefined): string | undefined {
  const known = knownTime(seconds);
  return known === undefined ? undefined : new Date(known * 1000).toISOString();
}
