import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image, Layer } from "../../../../oci/core/image.ts";
import { chainIdsOf } from "../../../../oci/layers/chainIds.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { clockTime } from "../labels/age.ts";
import { engineCountWords, exactBytes, layerOfStep, layerSize, readable } from "../labels/layerSizes.ts";
import { counted } from "../labels/sizes.ts";
import type { FactNode, FoundImage, GroupNode, ImageTreeNode, LayerNode, StepNode } from "../node.ts";
import { imageRowUnder } from "./images.ts";
import { factRow, paginate, type RowContext } from "./context.ts";

/** The known facts about a layer, each identity by kind. */
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

/** The known facts about a history step. */
export function stepRows({ id, step, layer }: StepNode): readonly ImageTreeNode[] {
  return [factRow(id)("Layer", layerOfStep(layer), { icon: "layers" }), ...stepFacts(id, step)];
}

function layerFacts(rowId: string, image: Image, layer: Layer): readonly FactNode[] {
  const { mediaType } = layer;
  return [
    ...sizeFacts(rowId, image, layer),
    ...identityFacts(rowId, image, layer),
    ...(mediaType === undefined
      ? []
      : [factRow(rowId)("Media type", mediaType, { isLiteral: true, icon: "file-code" })]),
  ];
}

/** Every known size, each with what it counts. */
function sizeFacts(rowId: string, { engineSizeKind }: Image, layer: Layer): readonly FactNode[] {
  const fact = factRow(rowId);
  const size = (name: string, bytes: number | undefined, explanation: string): readonly FactNode[] =>
    bytes === undefined ? [] : [fact(name, exactBytes(bytes), { icon: "dash", explanation })];
  const engineExplanation =
    engineSizeKind === undefined
      ? "As reported in the engine's history"
      : `As reported by the engine: ${engineCountWords[engineSizeKind]}`;
  return [
    ...size("Content size", layer.contentBytes, "The content of its files, uncompressed"),
    ...size("Engine size", layer.engineBytes, engineExplanation),
    ...size("Blob size", layer.blobBytes, "The blob as stored and downloaded, usually compressed"),
    ...(layerSize(layer) === undefined ? [fact("Size", "Not available from this source", { icon: "dash" })] : []),
  ];
}

function identityFacts(rowId: string, { layers }: Image, { index, diffId, digest }: Layer): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact("DiffID", diffId, {
      isLiteral: true,
      explanation: "SHA-256 of the layer's uncompressed tar: the same however it is compressed",
    }),
    digest === undefined
      ? fact("Layer digest", "Not available from this source", {
          explanation: "SHA-256 of the layer's blob as stored; this source doesn't report it",
        })
      : fact("Layer digest", digest, {
          isLiteral: true,
          explanation: "SHA-256 of the layer's blob as stored and downloaded, usually compressed",
        }),
    fact("ChainID", chainIdsOf(layers.slice(0, index + 1)).at(-1) ?? diffId, {
      isLiteral: true,
      explanation: "Identifies this layer together with all layers below it, as engines store them unpacked",
    }),
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
            explanation: "ARG values that the RUN used; anyone with the image can read them",
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
      detail: "Images with the same layer on the same base; it's stored once for all of them",
      icon: "references",
      collapsibleState: "collapsed",
      children: paginate(rowId, rows),
    },
  ];
}
