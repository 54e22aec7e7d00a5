import type { LayerContent } from "../core/entry.ts";
import type { Digest, DiffId } from "../core/digest.ts";
import type { OciError, Result } from "../core/error.ts";
import type { Image, ImageSummary } from "../core/image.ts";
import type { ImageReference } from "../core/reference.ts";
import type { Platform } from "../core/platform.ts";

/** Lists what a source has, newest first, without a request per image. */
export interface ImageLister {
  list(signal: AbortSignal): Promise<Result<readonly ImageSummary[]>>;
}

/** Reads one image's identity, config, history and layer list; no layer content. */
export interface ImageReader {
  image(reference: string, options: ReadOptions, signal: AbortSignal): Promise<Result<Image>>;
}

export interface ReadOptions {
  /** Which image of a multi-platform index; the source's own choice where absent. */
  readonly platform?: Platform;
}

/** Reads the content of layers. */
export interface LayerReader {
  /** In the order of `image.layers`, those with a DiffID in `wanted` (all where absent). Also returns the image as the read archive describes it, which is at least as exact. */
  layers(image: Image, request: LayerRequest, signal: AbortSignal): Promise<Result<ReadLayers>>;
}

export interface LayerRequest {
  readonly wanted?: readonly DiffId[];
  readonly onProgress?: (progress: Progress) => void;
}

/** `totalBytes` absent where the source doesn't say. */
export interface Progress {
  readonly readBytes: number;
  readonly totalBytes?: number;
  readonly label: string;
}

export interface ReadLayers {
  readonly image: Image;
  readonly contents: ReadonlyMap<DiffId, LayerContent>;
  /** Wanted layers that are not in `contents`, each with its reason: one broken layer doesn't fail the others. */
  readonly problems?: ReadonlyMap<DiffId, OciError>;
}

/** What a reference points to now. */
export interface DigestResolver {
  resolve(reference: ImageReference, signal: AbortSignal): Promise<Result<ResolvedDigest>>;
}

export interface ResolvedDigest {
  /** The digest of what the tag names: an index where there is one, else a manifest. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** True where the tag names an index; a single manifest is of one platform only. */
  readonly isIndex: boolean;
  readonly endpoint: string;
}
