import { imageName } from "../images/labels/names.ts";
import type { ImageNode, ImageTreeNode, LayerNode } from "../images/node.ts";
import { type DiffRequest, type DiffSide, layerChange, shortSide } from "./side.ts";

/** The parts that comparing needs; made in `extension.ts`. */
export interface CompareParts {
  open(request: DiffRequest): unknown;
  pickLayer(placeHolder: string): Promise<LayerNode | undefined>;
  pickSide(placeHolder: string): Promise<ImageNode | LayerNode | undefined>;
  /** Tells the user, and the menus, which side is selected. */
  showSelected(side: DiffSide): unknown;
}

/** Comparing images and layers. What no row says is asked for. */
export interface CompareActions {
  /** What a layer changed. */
  withParent(node: ImageTreeNode | undefined): Promise<void>;
  /** Two sides that are asked for. */
  two(): Promise<void>;
  select(node: ImageTreeNode | undefined): Promise<void>;
  withSelected(node: ImageTreeNode | undefined): Promise<void>;
  /** The row, and a side that is asked for. */
  with(node: ImageTreeNode | undefined): Promise<void>;
  /** The first two rows that are images or layers. */
  rows(nodes: readonly ImageTreeNode[]): Promise<void>;
}

export function createCompareActions({ open, pickLayer, pickSide, showSelected }: CompareParts): CompareActions {
  let selected: DiffSide | undefined;
  const compareRows = async (nodes: readonly ImageTreeNode[]): Promise<void> => {
    const request = requestOf(nodes);
    if (request) await open(request);
  };
  return {
    withParent: async (node) => {
      const layer = node?.kind === "layer" ? node : await pickLayer("Show what which layer changed?");
      if (layer) await open(layerChange(wholeImage(layer), layer.layer.index));
    },
    two: async () => {
      const before = sideOf(await pickSide("Compare what"));
      const after = before && sideOf(await pickSide("Compare with what"));
      if (before && after) await open({ before, after });
    },
    select: async (node) => {
      const side = sideOf(node);
      if (!side) return;
      selected = side;
      await showSelected(side);
    },
    withSelected: async (node) => {
      const after = sideOf(node);
      if (selected && after) await open({ before: selected, after });
    },
    with: async (node) => {
      const side = sideOf(node);
      const other = side && (await pickSide(`Compare ${shortSide(side)} with what`));
      if (node && other) await compareRows([node, other]);
    },
    rows: compareRows,
  };
}

/** The side that a row stands for: an image as a whole, or as far as a layer. */
export function sideOf(node: ImageTreeNode | undefined): DiffSide | undefined {
  if (node?.kind === "image") return { sourceId: node.sourceId, image: node.summary.id, name: imageName(node.summary) };
  return node?.kind === "layer" ? { ...wholeImage(node), layerCount: node.layer.index + 1 } : undefined;
}

function wholeImage({ sourceId, imageId, image }: LayerNode): DiffSide {
  return {
    sourceId,
    image: imageId,
    name: imageName({ id: image.id, tags: image.tags, repoDigests: image.repoDigests }),
  };
}

/** Of two layers of one image the lower one is what was before, of two images the older; in the order of the rows where neither can be told. */
function requestOf(nodes: readonly ImageTreeNode[]): DiffRequest | undefined {
  const [first, second] = nodes.filter((node) => sideOf(node) !== undefined);
  const [before, after] = [sideOf(first), sideOf(second)];
  if (!before || !after) return undefined;
  const isUpsideDown =
    before.image === after.image
      ? (before.layerCount ?? Infinity) > (after.layerCount ?? Infinity)
      : createdMs(first) > createdMs(second);
  return isUpsideDown ? { before: after, after: before } : { before, after };
}

/** NaN, which is neither before nor after, where it is not known. */
function createdMs(node: ImageTreeNode | undefined): number {
  if (node?.kind === "image") return (node.summary.created ?? NaN) * 1000;
  return node?.kind === "layer" ? Date.parse(node.image.config.created ?? "") : NaN;
}
