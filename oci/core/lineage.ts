import type { Digest, DiffId } from "./digest.ts";

/** What an image's descent is told from. */
export interface LineageImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  /** Base first. */
  readonly diffIds: readonly DiffId[];
  /** `created_by` of all steps, oldest first: tells apart images of the same layers. */
  readonly steps: readonly string[];
  /** Annotations of manifest and index, and labels: where `org.opencontainers.image.base.*` may stand. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The image that another was built from. */
export interface BaseImage {
  /** As recorded, else the name of the image that was found; absent where that has none. */
  readonly name?: string;
  /** The recorded `org.opencontainers.image.base.digest`. */
  readonly digest?: Digest;
  /** The image among those that were searched. */
  readonly imageId?: string;
  /** How many of the image's lowest layers are the base's; absent where the base is recorded, but not here to compare. */
  readonly layerCount?: number;
  /** "exact": recorded, and its layers are ours; "recorded": it is not here to compare; "layers": not recorded, the image here with the longest chain of our lowest layers; "contradicted": recorded, but its layers are not ours (its tag has moved). */
  readonly confidence: "exact" | "recorded" | "layers" | "contradicted";
}

/** The base of an image by annotation or label, else by the longest chain of layers shared with one of `others`; undefined where neither tells. */
export declare function baseOf(image: LineageImage, others: readonly LineageImage[]): BaseImage | undefined;

/** The images that have all layers of this one below their own, nearest first. */
export declare function derivedOf(image: LineageImage, others: readonly LineageImage[]): readonly LineageImage[];
