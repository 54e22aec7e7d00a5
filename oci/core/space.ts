import type { DiffId } from "./digest.ts";
import { prefixTree, root, type PrefixTree } from "./prefixTree.ts";

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
  /** For each layer, base first: how many other images have it. */
  readonly sharedCounts: readonly number[];
  /** For each layer, base first: IDs of the other images that have it, in the order of the images given. Made when it is asked for: among thousands of images of one base it is long. */
  readonly sharedWith: readonly (readonly string[])[];
}

/** Counts layers once: two are the same on disk where their DiffIDs and those of all layers below are (the same ChainID). A size that one image knows of a layer holds for all that have it. An ID that is listed again is not counted again. */
export function spaceOf(images: readonly StoredImage[]): Space {
  const store = storeOf(images);
  const spaces = store.images.map((image, index) => [image.id, imageSpace(store, index)] as const);
  return { total: sumOf(store.sizes), unshared: added(spaces.map(([, { total }]) => total)), images: new Map(spaces) };
}

/** What removing these images together gives back: the layers that no other image has. IDs that are not among `images` remove nothing. */
export function freedBy(images: readonly StoredImage[], removed: ReadonlySet<string>): ByteSum {
  const { images: stored, tree, sizes } = storeOf(images);
  const isKept = sizes.map((_, node) => node === root);
  for (const [index, { id }] of stored.entries()) {
    if (removed.has(id)) continue;
    for (let node = tree.ends[index] ?? root; !isKept[node]; node = tree.parents[node] ?? root) isKept[node] = true;
  }
  return sumOf(sizes.filter((_, node) => !isKept[node]));
}

/** Images as paths in a tree of layers. */
interface Store {
  /** Each ID once. */
  readonly images: readonly StoredImage[];
  readonly tree: PrefixTree;
  /** By node of the tree; 0 for its root, which is no layer. */
  readonly sizes: readonly Size[];
}

type Size = number | undefined;

function storeOf(all: readonly StoredImage[]): Store {
  const images = [...new Map(all.map((image) => [image.id, image])).values()];
  const tree = prefixTree(images.map(({ layers }) => layers.map(({ diffId }) => diffId)));
  const sizes = tree.parents.map((_, node): Size => (node === root ? 0 : undefined));
  for (const [index, { layers }] of images.entries()) {
    for (const [layerIndex, node] of tree.pathTo(tree.ends[index] ?? root).entries()) sizes[node] ??= layers[layerIndex]?.bytes;
  }
  return { images, tree, sizes };
}

function imageSpace({ images, tree, sizes }: Store, index: number): ImageSpace {
  const nodes = tree.pathTo(tree.ends[index] ?? root);
  const isAlone = (node: number): boolean => tree.counts[node] === 1;
  const sizeOf = (node: number): Size => sizes[node];
  const othersAt = (node: number): readonly string[] => tree.under(node).flatMap((other) => (other === index ? [] : (images[other]?.id ?? [])));
  return {
    total: sumOf(nodes.map(sizeOf)),
    alone: sumOf(nodes.filter(isAlone).map(sizeOf)),
    shared: sumOf(nodes.filter((node) => !isAlone(node)).map(sizeOf)),
    sharedCounts: nodes.map((node) => (tree.counts[node] ?? 0) - 1),
    get sharedWith() {
      return nodes.map(othersAt);
    },
  };
}

function sumOf(sizes: readonly Size[]): ByteSum {
  const known = sizes.filter((size) => size !== undefined);
  return { bytes: known.reduce((sum, size) => sum + size, 0), unknownLayers: sizes.length - known.length };
}

function added(sums: readonly ByteSum[]): ByteSum {
  return sums.reduce((all, sum) => ({ bytes: all.bytes + sum.bytes, unknownLayers: all.unknownLayers + sum.unknownLayers }), { bytes: 0, unknownLayers: 0 });
}
