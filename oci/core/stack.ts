import { contentBytes, type ContentBytes } from "./bytes.ts";
import { applyLayer, createBuilding, forkBuilding, type Building, type Loss } from "./columns/applyLayer.ts";
import { promoteLinks } from "./columns/hardLinks.ts";
import { entryAt, pathAt } from "./columns/content.ts";
import { emptyContent } from "./columns/emptyContent.ts";
import type { LayerContent, LayerEntry } from "./entry.ts";
import { rootOf, type TreeNode } from "./layerTree.ts";

/** The file system that layers make, and the fate of everything that is not in it. */
export interface Stack {
  readonly root: TreeNode;
  /**
   * Every entry of a lower layer that an upper one removed or replaced, in the order of the layers that did so. A
   * directory replaced by a directory is not included, since it stays.
   */
  readonly vanished: readonly Vanished[];
  /** Whiteouts whose path is not in any lower layer. */
  readonly danglingWhiteouts: readonly { readonly path: string; readonly layerIndex: number }[];
  /** File content of all layers. */
  readonly shippedBytes: ContentBytes;
  /** File content that is in the file system. */
  readonly visibleBytes: ContentBytes;
}

export interface Vanished {
  readonly path: string;
  readonly entry: LayerEntry;
  /** The layer it came from. */
  readonly introducedBy: number;
  /** The layer that removed or replaced it. */
  readonly endedBy: number;
  /** "replaced": another entry is at `cause`. */
  readonly reason: "whiteout" | "opaque" | "replaced";
  /** The path that caused it: the entry's own path, or the removed directory that contained it. */
  readonly cause: string;
  /** The entry that the ending layer put at the same path. */
  readonly successor: LayerEntry | undefined;
  /** Bytes of content that no longer show; 0 if another hard link still shows them. */
  readonly bytes: ContentBytes;
}

/**
 * Applies layers, lowest first. In each layer opaque markers come first, then whiteouts, both affecting only what is
 * below, then its entries. For file systems to be compared, see {@link stackSides}.
 * @see image-spec layer.md §Applying Changesets
 */
export function stack(layers: readonly LayerContent[]): Stack {
  const building = createBuilding(layers);
  let shipped = 0;
  for (const [layerIndex, layer] of layers.entries()) {
    applyLayer(building, layer, layerIndex);
    shipped += layer.contentBytes;
  }
  const { tree, losses, dangling } = building;
  promoteLinks(tree);
  const root = rootOf(tree, "fileSystem");
  return {
    root,
    vanished: losses.map((loss) => new VanishedView(layers, loss)),
    danglingWhiteouts: dangling,
    shippedBytes: contentBytes(shipped),
    visibleBytes: root.totalBytes,
  };
}

/** Something of each side of a comparison. */
export interface BothSides<T> {
  readonly before: T;
  readonly after: T;
}

/**
 * Stacks both sides of a comparison. The layers that both begin with are applied once, and `diff` skips what no other
 * layer has changed.
 */
export function stackSides({ before, after }: BothSides<readonly LayerContent[]>): BothSides<TreeNode> {
  const unshared = before.findIndex((layer, index) => layer !== after[index]);
  const sharedCount = unshared === -1 ? before.length : unshared;
  const older = createBuilding(before);
  for (let index = 0; index < sharedCount; index++) applyLayer(older, before[index] ?? emptyContent, index);
  const newer = forkBuilding(older, after, sharedCount);
  return { before: finished(older, sharedCount), after: finished(newer, sharedCount) };
}

/** Applies the layers of a side from an index on. */
function finished(building: Building, from: number): TreeNode {
  const { tree } = building;
  for (let index = from; index < tree.layers.length; index++)
    applyLayer(building, tree.layers[index] ?? emptyContent, index);
  promoteLinks(tree);
  return rootOf(tree, "fileSystem");
}

/** Creates the texts and entries of a loss on demand: most are never shown. */
class VanishedView implements Vanished {
  readonly #layers: readonly LayerContent[];
  readonly #loss: Loss;

  constructor(layers: readonly LayerContent[], loss: Loss) {
    this.#layers = layers;
    this.#loss = loss;
  }

  get path(): string {
    const { layer, row } = this.#loss;
    return pathAt(this.#layer(layer), this.#layer(layer).rows.paths[row] ?? 0);
  }

  get entry(): LayerEntry {
    return entryAt(this.#layer(this.#loss.layer), this.#loss.row);
  }

  get introducedBy(): number {
    return this.#loss.layer;
  }

  get endedBy(): number {
    return this.#loss.endedBy;
  }

  get reason(): Vanished["reason"] {
    return this.#loss.reason;
  }

  get cause(): string {
    if (this.#loss.isTop) return this.path;
    return pathAt(this.#layer(this.#loss.endedBy), this.#loss.cause);
  }

  get successor(): LayerEntry | undefined {
    const { endedBy, successor } = this.#loss;
    return successor === -1 ? undefined : entryAt(this.#layer(endedBy), successor);
  }

  get bytes(): ContentBytes {
    return contentBytes(this.#loss.bytes);
  }

  #layer(index: number): LayerContent {
    return this.#layers[index] ?? emptyContent;
  }
}
