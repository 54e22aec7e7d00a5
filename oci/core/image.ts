import type { BlobBytes, ContentBytes } from "./bytes.ts";
import type { ImageConfig } from "./config.ts";
import type { ConfigDigest, DiffId, IndexDigest, LayerDigest, ManifestDigest } from "./digest.ts";
import type { LayerContent } from "./entry.ts";
import type { HistoryStep } from "./history.ts";
import type { Platform } from "./platform.ts";

/** One image of one platform, whatever source it comes from. What a source can't know is absent, never guessed. */
export interface Image {
  /** The name it was asked for by. */
  readonly reference: string;
  /** The source's own name for it: the engine's image ID (a config digest in the classic store, an index or manifest digest in the containerd store), the config digest elsewhere. */
  readonly id: string;
  readonly configDigest?: ConfigDigest;
  readonly manifestDigest?: ManifestDigest;
  readonly indexDigest?: IndexDigest;
  readonly platform: Platform;
  readonly config: ImageConfig;
  readonly tags: readonly string[];
  /** `name@digest` as the engine recorded them; Podman joins every name with every digest, of indexes and manifests alike. */
  readonly repoDigests: readonly string[];
  /** Base first. */
  readonly layers: readonly Layer[];
  /** History steps after the last layer that made none. */
  readonly emptyStepsAfter: readonly HistoryStep[];
  /** Whether history and layers were paired by the config's `empty_layer` ("exact"), by what a step's text says ("inferred"), or not at all. */
  readonly historyPairing: "exact" | "inferred" | "none";
  /** Of the index, of its entry for this manifest, and of the manifest itself; where they differ, the later counts. Absent where the source has no manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** All that the name stands for, this image's own manifest among it, in the index's order: one where there is no index; absent where the source can't tell. */
  readonly manifests?: readonly ManifestSummary[];
  /** What an engine counts for the whole image unpacked, as `engineSizeKind` says. */
  readonly engineBytes?: number;
  /** What an engine's numbers for the image, its layers and steps count. */
  readonly engineSizeKind?: EngineSizeKind;
}

/** "content": of files, as Docker's classic store counts it; "disk": blocks that are taken, as the containerd store counts them; "tar": the layers' tars unpacked, headers and padding with the files, as Podman counts them. */
export type EngineSizeKind = "content" | "disk" | "tar";

/** A manifest that belongs to an image: that of one platform, or one that says something about another. */
export interface ManifestSummary {
  readonly digest: ManifestDigest;
  readonly mediaType: string;
  /** "unknown" is what is neither: an artifact in an index of images. */
  readonly kind: "image" | "attestation" | "unknown";
  readonly platform?: Platform;
  /** Of an attestation: the manifest it is about. */
  readonly subject?: ManifestDigest;
  /** Of its descriptor in the index. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether the source has its content; absent where it doesn't tell. */
  readonly isAvailable?: boolean;
  /** What the source stores of it: manifest, config and blobs. */
  readonly blobBytes?: BlobBytes;
  /** What it takes on disk unpacked, as the engine counts it. */
  readonly unpackedBytes?: number;
  /** Containers made from it, where the engine counted them. */
  readonly containers?: number;
}

export interface Layer {
  /** Base is 0. */
  readonly index: number;
  readonly diffId: DiffId;
  readonly digest?: LayerDigest;
  readonly mediaType?: string;
  readonly blobBytes?: BlobBytes;
  /** Known once the layer was read. */
  readonly contentBytes?: ContentBytes;
  /** What the engine's history says of the layer; the image's `engineSizeKind` says what that counts. */
  readonly engineBytes?: number;
  readonly step?: HistoryStep;
  /** Steps between the layer below and this one that made no layer, oldest first. */
  readonly emptyStepsBefore: readonly HistoryStep[];
}

/** One row of an image list. */
export interface ImageSummary {
  readonly id: string;
  /** `repository:tag`, familiar form; empty for a dangling image. */
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  /** Seconds since 1970. */
  readonly created?: number;
  /** As the engine gives it: content in the classic store, blobs and unpacked snapshots of all platforms in the containerd store, tars and records in Podman. */
  readonly engineBytes?: number;
  /** What the blobs of its layers take as stored, each once; where an archive tells the size of each. */
  readonly blobBytes?: BlobBytes;
  /** Containers made from it, running or not, where the engine counted them. */
  readonly containers?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** What the ID names in the containerd store: "index" of several platforms, "manifest" of one. */
  readonly target?: "index" | "manifest";
}

/** The image with the sizes of the layers that were read. */
export function withContents(image: Image, contents: ReadonlyMap<DiffId, LayerContent>): Image {
  const layers = image.layers.map((layer) => {
    const content = contents.get(layer.diffId);
    return content ? { ...layer, contentBytes: content.contentBytes } : layer;
  });
  return { ...image, layers };
}
