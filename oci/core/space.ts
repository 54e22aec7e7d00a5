import type { DiffId } from "./digest.ts";

/** An image as something on a disk. */
export interface StoredImage {
  readonly id: string;
  /** Base first. */
  readonly layers: readonly StoredLayer[];
}

export interface StoredLayer {
  readonly diffId: DiffId;
  /** What it takes on disk; absent where the source can't say. */
  readonly bytes?: number;
}

/** A sum that says what it leaves out. */
export interface ByteSum {
  readonly bytes: number;
  /** Layers whose size is unknown; `bytes` is without them. */
  readonly unknownLayers: number;
}

export interface Space {
  /** Every layer once. */
  readonly total: ByteSum;
  /** As if each image had its layers for itself. */
  readonly unshared: ByteSum;
  /** By image ID. */
  readonly images: ReadonlyMap<string, ImageSpace>;
}

export interface ImageSpace {
  readonly total: ByteSum;
  /** What goes when only this image goes. */
  readonly alone: ByteSum;
  readonly shared: ByteSum;
  /** For each layer, base first: IDs of the other images that have it. */
  readonly sharedWith: readonly (readonly string[])[];
}

/** Counts layers once: two are the same on disk where their DiffIDs and those of all layers below are (the same ChainID). */
export declare function spaceOf(images: readonly StoredImage[]): Space;

/** What removing these images together gives back. */
export declare function freedBy(images: readonly StoredImage[], removed: ReadonlySet<string>): ByteSum;
