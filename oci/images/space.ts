import type { DiffId, Digest } from "../core/digest.ts";
import { prefixTree, root } from "./prefixTree.ts";

/** An image as something on a disk. */
export interface StoredImage {
  readonly id: string;
  /** Base first. */
  readonly layers: readonly StoredLayer[];
}

export interface StoredLayer {
  readonly diffId: DiffId;
  /** Its digest, where what is counted is blobs. */
  readonly blob?: Digest;
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
  /** For each layer, base first: how many other images have it. */
  readonly sharedCounts: readonly number[];
  /** For each layer, base first: IDs of the other images that have it, in the order of the images given. Made when it is asked for: among thousands of images of one base it is long. */
  readonly sharedWith: readonly (readonly string[])[];
}

/** Counts layers once: unpacked, two are the same on disk where their DiffIDs and those of all layers below are (the same ChainID); a blob is stored once wherever it stands. A size that one image knows of a layer holds for all that have it. An ID that is listed again is not counted again. */
export function spaceOf(images: readonly StoredImage[]): Space {
  const store = storeOf(images);
  const spaces = store.images.map((image, index) => [image.id, imageSpace(store, index)] as const);
  return { total: sumOf(store.sizes), unshared: added(spaces.map(([, { total }]) => total)), images: new Map(spaces) };
}

/** What removing these images together gives back: the layers that no other image has. IDs that are not among `images` remove nothing. */
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

/** What is stored once, numbered; images by their index. */
interface Pieces {
  readonly count: number;
  /** Of each layer of an image, base first. */
  of(image: number): readonly number[];
  /** How many images have it. */
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

/** Unpacked layers: what stands on other layers is something else. */
function chainPieces(images: readonly StoredImage[]): Pieces {
  const tree = prefixTree(images.map(({ layers }) => layers.map(({ diffId }) => diffId)));
  // The tree's root is no layer.
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
