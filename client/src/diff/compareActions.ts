import { imageName } from "../images/labels/names.ts";
import type { ImageNode, ImageTreeNode, LayerNode } from "../images/node.ts";
import { type DiffRequest, type DiffSide, layerChange, shortSide } from "./side.ts";
import { l10n } from "../ui/l10n.ts";

/** The parts that comparing needs; made in `extension.ts`. */
export interface CompareParts {
  open(request: DiffRequest): unknown;
  pickLayer(placeHolder: string): Promise<LayerNode | undefined>;
  pickSide(placeHolder: string): Promise<ImageNode | LayerNode | undefined>;
  /** The request that shows the image of a row or of `ShowLayerArguments`, or one to choose. */
  imageView(given: unknown): Promise<DiffRequest | undefined>;
  /** The comparison of a row's image, or of one to choose, with the image that its tag pointed to before. */
  previousBuild(node: ImageTreeNode | undefined): Promise<DiffRequest | undefined>;
  /** Shows the user, and the menus, which side is selected. */
  showSelected(side: DiffSide): unknown;
}

/** Actions that compare images and layers. They prompt for anything that the row doesn't specify. */
export interface CompareActions {
  /** Shows an image with all its files: that of a row, or of `ShowLayerArguments`, whose layer is shown alone. */
  image(given: unknown): Promise<void>;
  /** Shows what a layer changed. */
  withParent(node: ImageTreeNode | undefined): Promise<void>;
  /** Prompts for two sides. */
  two(): Promise<void>;
  select(node: ImageTreeNode | undefined): Promise<void>;
  withSelected(node: ImageTreeNode | undefined): Promise<void>;
  /** Compares the row with a side to choose. */
  with(node: ImageTreeNode | undefined): Promise<void>;
  /** Compares an image with its previous build. */
  withPreviousBuild(node: ImageTreeNode | undefined): Promise<void>;
  /** Compares the first two rows that are images or layers. */
  rows(nodes: readonly ImageTreeNode[]): Promise<void>;
}

export function createCompareActions(parts: CompareParts): CompareActions {
  const { open, pickLayer, pickSide, showSelected } = parts;
  let selected: DiffSide | undefined;
  const compareRows = async (nodes: readonly ImageTreeNode[]): Promise<void> => {
    const request = requestOf(nodes);
    if (request) await open(request);
  };
  return {
    image: async (given) => {
      const request = await parts.imageView(given);
      if (request) await open(request);
    },
    withParent: async (node) => {
      const layer = node?.kind === "layer" ? node : await pickLayer(l10n.t("Show the changes in which layer?"));
      if (layer) await open(layerChange(wholeImage(layer), layer.layer.index));
    },
    two: async () => {
      const before = sideOf(await pickSide(l10n.t("Compare what")));
      const after = before && sideOf(await pickSide(l10n.t("Compare with what")));
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
      const other = side && (await pickSide(l10n.t("Compare {0} with what", shortSide(side))));
      if (node && other) await compareRows([node, other]);
    },
    withPreviousBuild: async (node) => {
      const request = await parts.previousBuild(node);
      if (request) await open(request);
    },
    rows: compareRows,
  };
}

/** The side of a row: a whole image, or an image up to a layer. */
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

/**
 * Orders two sides: of two layers of one image the lower comes first, of two images the older; otherwise in the order
 * of the rows.
 */
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

/** The creation time; NaN, which compares as neither before nor after, if unknown. */
function createdMs(node: ImageTreeNode | undefined): number {
  if (node?.kind === "image") return (node.summary.created ?? NaN) * 1000;
  return node?.kind === "layer" ? Date.parse(node.image.config.created ?? "") : NaN;
}
