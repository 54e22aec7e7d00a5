import type { BlobBytes, ContentBytes } from "./bytes.ts";
import type { ImageConfig } from "./config.ts";
import type { ConfigDigest, DiffId, IndexDigest, LayerDigest, ManifestDigest } from "./digest.ts";
import type { LayerContent } from "./entry.ts";
import type { HistoryStep } from "./history.ts";
import type { Platform } from "./platform.ts";

/** One image of one platform from any source. Values that the source doesn't know are absent, never guessed. */
export interface Image {
  /** The name by which it was requested. */
  readonly reference: string;
  /**
   * The source's own name for it. For an engine this is the image ID: a config digest in the classic store, an index or
   * manifest digest in the containerd store. Otherwise it is the config digest.
   */
  readonly id: string;
  readonly configDigest?: ConfigDigest;
  readonly manifestDigest?: ManifestDigest;
  readonly indexDigest?: IndexDigest;
  readonly platform: Platform;
  readonly config: ImageConfig;
  readonly tags: readonly string[];
  /**
   * `name@digest` as recorded by the engine. Podman joins every name with every digest, of indexes and manifests alike.
   */
  readonly repoDigests: readonly string[];
  /** Base first. */
  readonly layers: readonly Layer[];
  /** History steps after the last layer that didn't make a layer. */
  readonly emptyStepsAfter: readonly HistoryStep[];
  /**
   * The way in which history and layers were paired: by the config's `empty_layer` ("exact"), by the steps' texts
   * ("inferred"), or not at all.
   */
  readonly historyPairing: "exact" | "inferred" | "none";
  /**
   * Annotations of the index, of its entry for this manifest, and of the manifest itself; later ones override earlier
   * ones. Absent if the source has no manifest.
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * All manifests that the name stands for, including this image's own, in index order; a single one without an index.
   * Absent if the source can't list them.
   */
  readonly manifests?: readonly ManifestSummary[];
  /** The engine's size of the whole unpacked image; `engineSizeKind` says what it counts. */
  readonly engineBytes?: number;
  /** The kind of bytes that an engine's sizes of the image, its layers and steps count. */
  readonly engineSizeKind?: EngineSizeKind;
  /** Set if the engine runs the image without having the blobs of its layers: where these are read from. */
  readonly contentFrom?: ContentFrom;
  /** Set if the source no longer has the image, and only its layers are known: configuration and history are empty. */
  readonly isRemembered?: true;
}

/**
 * The origin of an image's layers, if its engine runs it without having their blobs. "nowhere": nothing was chosen, and
 * the image has history but no layers, or none that can be read; "image": another image of the engine, by its ID, with
 * the same config; "registry": by digest; "container": the export of a container, whose one layer is the whole file
 * system.
 */
export type ContentFrom =
  | { readonly kind: "nowhere" }
  | { readonly kind: "image"; readonly id: string; readonly name: string }
  | { readonly kind: "registry"; readonly reference: string; readonly insecureRegistries: readonly string[] }
  | { readonly kind: "container" };

/**
 * "content": bytes of files, as in Docker's classic store; "disk": allocated blocks, as in the containerd store; "tar":
 * the unpacked layer tars with headers and padding, as in Podman.
 */
export type EngineSizeKind = "content" | "disk" | "tar";

/** A manifest that belongs to an image: the manifest of one platform, or an attestation about another. */
export interface ManifestSummary {
  readonly digest: ManifestDigest;
  readonly mediaType: string;
  /** "unknown": neither, such as an artifact in an index of images. */
  readonly kind: "image" | "attestation" | "unknown";
  readonly platform?: Platform;
  /** The manifest that an attestation is about. */
  readonly subject?: ManifestDigest;
  /** Annotations of its descriptor in the index. */
  readonly annotations: Readonly<Record<string, string>>;
  /** True if the source has its content; absent if the source doesn't report it. */
  readonly isAvailable?: boolean;
  /** The stored size: manifest, config and blobs. */
  readonly blobBytes?: BlobBytes;
  /** The unpacked size on disk, as counted by the engine. */
  readonly unpackedBytes?: number;
  /** The number of containers made from it, if the engine counted them. */
  readonly containers?: number;
}

export interface Layer {
  /** Base is 0. */
  readonly index: number;
  readonly diffId: DiffId;
  readonly digest?: LayerDigest;
  readonly mediaType?: string;
  readonly blobBytes?: BlobBytes;
  /** Known once the layer has been read. */
  readonly contentBytes?: ContentBytes;
  /** The layer's size in the engine's history; the image's `engineSizeKind` says what it counts. */
  readonly engineBytes?: number;
  readonly step?: HistoryStep;
  /** Steps between the layer below and this one that didn't make a layer, oldest first. */
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
  /**
   * As reported by the engine: content in the classic store; blobs and unpacked snapshots of all platforms in the
   * containerd store; tars and records in Podman.
   */
  readonly engineBytes?: number;
  /** The stored size of its distinct layer blobs, if an archive has the size of each. */
  readonly blobBytes?: BlobBytes;
  /** The number of containers made from it, running or not, if the engine counted them. */
  readonly containers?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** The target of the ID in the containerd store: "index" of several platforms, or "manifest" of one. */
  readonly target?: "index" | "manifest";
}

/** Returns the image with the sizes of the layers that have been read. */
export function withContents(image: Image, contents: ReadonlyMap<DiffId, LayerContent>): Image {
  const layers = image.layers.map((layer) => {
    const content = contents.get(layer.diffId);
    return content ? { ...layer, contentBytes: content.contentBytes } : layer;
  });
  return { ...image, layers };
}
