import { present } from "../../../../oci/core/decode.ts";
import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image, Layer } from "../../../../oci/core/image.ts";
import { chainIdsOf } from "../../../../oci/layers/chainIds.ts";
import { clockTime } from "../labels/age.ts";
import { counted } from "../labels/sizes.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { type RowContext, factRow, infoNotice, paginate } from "./context.ts";
import { imageRowUnder } from "./images.ts";
import { engineCountWords, exactBytes, layerSize, layerOfStep, readable } from "../labels/layerSizes.ts";
import type { FactNode, FoundImage, GroupNode, ImageTreeNode, LayerNode, StepNode } from "../node.ts";

/** Base first, as a Dockerfile reads. */
export async function layerRows(
  rowId: string,
  found: FoundImage,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { image, summary, sourceId, platform } = found;
  if (image.layers.length === 0)
    return [infoNotice(`${rowId}/nothing`, "No layers", { description: "an empty file system" })];
  const view = platform === undefined ? await catalogs.peek(sourceId, signal) : undefined;
  return layerNodes(rowId, found, view && sharedCountsOf(summary.id, view));
}

/** That nobody else has a layer is known only where every image could be read. */
function sharedCountsOf(imageId: string, { space, catalog }: CatalogView): readonly (number | undefined)[] | undefined {
  return space.images
    .get(imageId)
    ?.sharedCounts.map((count) => (count === 0 && catalog.problems.size > 0 ? undefined : count));
}

/** `sharedCounts`: for each layer, how many other images have it; absent where that is not known. */
export function layerNodes(
  rowId: string,
  { image, sourceId, summary, platform }: Omit<FoundImage, "sourceKind">,
  sharedCounts?: readonly (number | undefined)[],
): readonly LayerNode[] {
  const shares = sharesOf(image.layers);
  return image.layers.map((layer, index): LayerNode =>
    present({
      kind: "layer" as const,
      id: `${rowId}/${index}`,
      sourceId,
      imageId: summary.id,
      image,
      layer,
      platform,
      share: shares?.[index],
      sharedCount: sharedCounts?.[index],
    }),
  );
}

/** Of all layers together, by what is known of all of them; sizes that count different things are not added. */
function sharesOf(layers: readonly Layer[]): readonly number[] | undefined {
  const measures = [
    layers.map(({ contentBytes }) => contentBytes),
    layers.map(({ engineBytes }) => engineBytes),
    layers.map(({ blobBytes }) => blobBytes),
  ];
  for (const measure of measures) {
    const sizes = measure.flatMap((bytes) => bytes ?? []);
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    if (sizes.length === layers.length && total > 0) return sizes.map((bytes) => bytes / total);
  }
  return undefined;
}

/** All that is known of a layer, each identity by its kind. */
export async function layerFactRows(
  parent: LayerNode,
  { readers, catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { id, image, layer, sourceId, platform } = parent;
  const view = platform === undefined ? await catalogs.peek(sourceId, signal) : undefined;
  const source = readers.source(sourceId);
  return [
    ...layerFacts(id, image, layer),
    ...(layer.step ? stepFacts(id, layer.step) : []),
    ...(view && source ? sharedWith(parent, view, source.kind) : []),
  ];
}

/** What is known of a history step. */
export function stepRows({ id, step, layer }: StepNode): readonly ImageTreeNode[] {
  return [factRow(id)("Layer", layerOfStep(layer), { icon: "layers" }), ...stepFacts(id, step)];
}

function layerFacts(rowId: string, image: Image, layer: Layer): readonly FactNode[] {
  const fact = factRow(rowId);
  const stack = chainIdsOf(image.layers.slice(0, layer.index + 1));
  const { contentBytes, engineBytes, blobBytes, mediaType, digest, diffId } = layer;
  return [
    ...(contentBytes === undefined
      ? []
      : [
          fact("Content size", exactBytes(contentBytes), {
            icon: "dash",
            explanation: "The content of its files, uncompressed",
          }),
        ]),
    ...(engineBytes === undefined
      ? []
      : [
          fact("Engine's size", exactBytes(engineBytes), {
            icon: "dash",
            explanation:
              image.engineCount === undefined
                ? "As the engine's history counts it"
                : `As the engine counts it: ${engineCountWords[image.engineCount]}`,
          }),
        ]),
    ...(blobBytes === undefined
      ? []
      : [
          fact("Blob size", exactBytes(blobBytes), {
            icon: "dash",
            explanation: "The blob as stored and downloaded, usually compressed",
          }),
        ]),
    ...(layerSize(layer) === undefined
      ? [fact("Size", "unknown here: this source does not tell it", { icon: "dash" })]
      : []),
    fact("DiffID", diffId, {
      isLiteral: true,
      explanation: "SHA-256 of the layer's uncompressed tar: the same however it is compressed",
    }),
    digest === undefined
      ? fact("Layer digest", "unknown here", {
          explanation: "SHA-256 of the layer's blob as stored; this source does not tell how the layer is stored",
        })
      : fact("Layer digest", digest, {
          isLiteral: true,
          explanation: "SHA-256 of the layer's blob as stored and downloaded, usually compressed",
        }),
    ...[stack.at(-1) ?? diffId].map((chainId) =>
      fact("ChainID", chainId, {
        isLiteral: true,
        explanation: "This layer and all below it together: what engines keep an unpacked file system under",
      }),
    ),
    ...(mediaType === undefined ? [] : [fact("Media type", mediaType, { isLiteral: true, icon: "file-code" })]),
  ];
}

function stepFacts(rowId: string, step: HistoryStep): readonly FactNode[] {
  const fact = factRow(rowId);
  const { buildArgs } = readable(step);
  const { createdBy, created, author, comment } = step;
  return [
    ...(createdBy.trim() === ""
      ? []
      : [fact("Command", createdBy, { isLiteral: true, icon: "terminal", explanation: "As recorded" })]),
    ...(buildArgs === undefined
      ? []
      : [
          fact("Build arguments", buildArgs, {
            isLiteral: true,
            icon: "symbol-parameter",
            explanation: "What a RUN saw of ARG; they are public with the image",
          }),
        ]),
    ...(created === undefined ? [] : [fact("Created", clockTime(Date.parse(created)), { icon: "calendar" })]),
    ...(author === undefined || author === "" ? [] : [fact("Author", author, { icon: "person" })]),
    ...(comment === undefined || comment === "" ? [] : [fact("Comment", comment, { icon: "comment" })]),
  ];
}

function sharedWith(
  { id, imageId, layer, sourceId }: LayerNode,
  view: CatalogView,
  sourceKind: FoundImage["sourceKind"],
): readonly GroupNode[] {
  const others = view.space.images.get(imageId)?.sharedWith[layer.index] ?? [];
  if (others.length === 0) return [];
  const rowId = `${id}/shared`;
  const rows = others.flatMap((other) => {
    const summary = view.summaries.get(other);
    return summary ? [imageRowUnder(rowId, summary, { sourceId, sourceKind, view })] : [];
  });
  return [
    {
      kind: "group",
      id: rowId,
      label: "Shared with",
      description: counted(rows.length, "image"),
      detail: "Images with this layer on the same layers below it: it is stored once for all of them",
      icon: "references",
      collapsibleState: "collapsed",
      children: paginate(rowId, rows),
    },
  ];
}
