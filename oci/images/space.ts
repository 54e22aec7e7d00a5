import type { DiffId, Digest } from "../core/digest.ts";
import { prefixTree, root } from "./prefixTree.ts";

/** An image as stored on a disk. */
export interface StoredImage {
  readonly id: string;
  /** Base first. */
  readonly layers: readonly StoredLayer[];
}

export interface StoredLayer {
  readonly diffId: DiffId;
  /** Its digest, if blobs are counted. */
  readonly blob?: Digest;
  /** Its size on disk; absent if the source can't report it. */
  readonly bytes?: number;
}

/** A sum and the number of layers it leaves out. */
export interface ByteSum {
  readonly bytes: number;
  /** Layers of unknown size; `bytes` doesn't include them. */
  readonly unknownLayers: number;
}

export interface Space {
  /** Every layer counted once. */
  readonly total: ByteSum;
  /** As if each image had its own copy of its layers. */
  readonly unshared: ByteSum;
  /** By image ID. */
  readonly images: ReadonlyMap<string, ImageSpace>;
}

export interface ImageSpace {
  readonly total: ByteSum;
  /** The space freed by removing only this image. */
  readonly alone: ByteSum;
  readonly shared: ByteSum;
  /** For each layer, base first: the number of other images that have it. */
  readonly sharedCounts: readonly number[];
  /**
   * For each layer, base first: IDs of the other images that have it, in the given order of images. Built on demand,
   * since it is long for thousands of images with one base.
   */
  readonly sharedWith: readonly (readonly string[])[];
}

/**
 * Counts each layer once. Unpacked layers are the same on disk if their DiffIDs and those of all layers below are equal
 * (the same ChainID). A blob is stored once, wherever it is used. If one image knows the size of a layer, it counts for
 * all images that have it. A repeated ID is not counted again.
 */
export function spaceOf(images: readonly StoredImage[]): Space {
  const store = storeOf(images);
  const spaces = store.images.map((image, index) => [image.id, imageSpace(store, index)] as const);
  return { total: sumOf(store.sizes), unshared: added(spaces.map(([, { total }]) => total)), images: new Map(spaces) };
}

/**
 * The space freed by removing these images together: the layers that other images don't have. IDs that aren't among
 * `images` are ignored.
 */
export function freedBy(images: readonly StoredImage[], removed: ReadonlySet<string>): ByteSum {
  const { images: stored, sizes, pieces } = storeOf(images);
  const kept = new Set(stored.flatMap(({ id }, index) => (removed.has(id) ? [] : pieces.of(index))));
  return sumOf(sizes.filter((_, piece) => !kept.has(piece)));
}

interface Store {
  /** Each ID once. */
  readonly images: readonly StoredImage[];
  readonly pieces: Pieces;
  /** By piece. */
  readonly sizes: readonly Size[];
}

type Size = number | undefined;

/** The units that are stored once, numbered; images by index. */
interface Pieces {
  readonly count: number;
  /** The pieces of an image's layers, base first. */
  of(image: number): readonly number[];
  /** The number of images that have the piece. */
  owners(piece: number): number;
  /** Ascending. */
  ownersOf(piece: number): readonly number[];
}

function storeOf(all: readonly StoredImage[]): Store {
  const images = [...new Map(all.map((image) => [image.id, image])).values()];
  const pieces = images.some(({ layers }) => layers.some(({ blob }) => blob !== undefined))
    ? blobPieces(images)
    : chainPieces(images);
  const sizes = new Array<Size>(pieces.count).fill(undefined);
  for (const [index, { layers }] of images.entries()) {
    for (const [layerIndex, piece] of pieces.of(index).entries()) sizes[piece] ??= layers[layerIndex]?.bytes;
  }
  return { images, pieces, sizes };
}

/** Unpacked layers as pieces. The same layer on other layers is a different piece. */
function chainPieces(images: readonly StoredImage[]): Pieces {
  const tree = prefixTree(images.map(({ layers }) => layers.map(({ diffId }) => diffId)));
  // The tree's root isn't a layer.
  return {
    count: tree.parents.length - 1,
    of: (image) => tree.pathTo(tree.ends[image] ?? root).map((node) => node - 1),
    owners: (piece) => tree.counts[piece + 1] ?? 0,
    ownersOf: (piece) => tree.under(piece + 1),
  };
}

function blobPieces(images: readonly StoredImage[]): Pieces {
  const numbers = new Map<string, number>();
  const owners: number[][] = [];
  const of = images.map(({ layers }, image) =>
    layers.map(({ blob, diffId }) => {
      const piece = numbers.get(blob ?? diffId) ?? numbers.size;
      numbers.set(blob ?? diffId, piece);
      const known = (owners[piece] ??= []);
      if (known.at(-1) !== image) known.push(image);
      return piece;
    }),
  );
  return {
    count: owners.length,
    of: (image) => of[image] ?? [],
    owners: (piece) => owners[piece]?.length ?? 0,
    ownersOf: (piece) => owners[piece] ?? [],
  };
}

function imageSpace({ images, pieces, sizes }: Store, index: number): ImageSpace {
  const layers = pieces.of(index);
  const own = [...new Set(layers)];
  const isAlone = (piece: number): boolean => pieces.owners(piece) === 1;
  const sizeOf = (piece: number): Size => sizes[piece];
  const othersAt = (piece: number): readonly string[] =>
    pieces.ownersOf(piece).flatMap((other) => (other === index ? [] : (images[other]?.id ?? [])));
  return {
    total: sumOf(own.map(sizeOf)),
    alone: sumOf(own.filter(isAlone).map(sizeOf)),
    shared: sumOf(own.filter((piece) => !isAlone(piece)).map(sizeOf)),
    sharedCounts: layers.map((piece) => pieces.owners(piece) - 1),
    get sharedWith() {
      return layers.map(othersAt);
    },
  };
}

function sumOf(sizes: readonly Size[]): ByteSum {
  const known = sizes.filter((size) => size !== undefined);
  return { bytes: known.reduce((sum, size) => sum + size, 0), unknownLayers: sizes.length - known.length };
}

function added(sums: readonly ByteSum[]): ByteSum {
  return sums.reduce(
    (all, sum) => ({ bytes: all.bytes + sum.bytes, unknownLayers: all.unknownLayers + sum.unknownLayers }),
    { bytes: 0, unknownLayers: 0 },
  );
}
