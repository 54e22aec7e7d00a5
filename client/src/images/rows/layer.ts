import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image, Layer } from "../../../../oci/core/image.ts";
import { chainIdsOf } from "../../../../oci/layers/chainIds.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { clockTime } from "../labels/age.ts";
import { engineCountWords, exactBytes, layerOfStep, layerSize, readable } from "../labels/layerSizes.ts";
import type { FactNode, FoundImage, GroupNode, ImageTreeNode, LayerNode, StepNode } from "../node.ts";
import { imageRowUnder } from "./images.ts";
import { factRow, paginate, type RowContext } from "./context.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

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
  return [factRow(id)(l10n.t("Layer"), layerOfStep(layer), { icon: "layers" }), ...stepFacts(id, step)];
}

function layerFacts(rowId: string, image: Image, layer: Layer): readonly FactNode[] {
  const { mediaType } = layer;
  return [
    ...sizeFacts(rowId, image, layer),
    ...identityFacts(rowId, image, layer),
    ...(mediaType === undefined
      ? []
      : [factRow(rowId)(l10n.t("Media type"), mediaType, { isLiteral: true, icon: "file-code" })]),
  ];
}

/** Every known size, each with what it counts. */
function sizeFacts(rowId: string, { engineSizeKind }: Image, layer: Layer): readonly FactNode[] {
  const fact = factRow(rowId);
  const size = (name: string, bytes: number | undefined, explanation: string): readonly FactNode[] =>
    bytes === undefined ? [] : [fact(name, exactBytes(bytes), { icon: "dash", explanation })];
  const engineExplanation =
    engineSizeKind === undefined
      ? l10n.t("As reported in the engine's history")
      : l10n.t("As reported by the engine: {0}", engineCountWords[engineSizeKind]);
  return [
    ...size(l10n.t("Content size"), layer.contentBytes, l10n.t("The content of its files, uncompressed")),
    ...size(l10n.t("Engine size"), layer.engineBytes, engineExplanation),
    ...size(l10n.t("Blob size"), layer.blobBytes, l10n.t("The blob as stored and downloaded, usually compressed")),
    ...(layerSize(layer) === undefined
      ? [fact(l10n.t("Size"), l10n.t("Not available from this source"), { icon: "dash" })]
      : []),
  ];
}

function identityFacts(rowId: string, { layers }: Image, { index, diffId, digest }: Layer): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact("DiffID", diffId, {
      isLiteral: true,
      explanation: l10n.t("SHA-256 of the layer's uncompressed tar: the same however it is compressed"),
    }),
    digest === undefined
      ? fact(l10n.t("Layer digest"), l10n.t("Not available from this source"), {
          explanation: l10n.t("SHA-256 of the layer's blob as stored; this source doesn't report it"),
        })
      : fact(l10n.t("Layer digest"), digest, {
          isLiteral: true,
          explanation: l10n.t("SHA-256 of the layer's blob as stored and downloaded, usually compressed"),
        }),
    fact("ChainID", chainIdsOf(layers.slice(0, index + 1)).at(-1) ?? diffId, {
      isLiteral: true,
      explanation: l10n.t("Identifies this layer together with all layers below it, as engines store them unpacked"),
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
      : [
          fact(l10n.t("Command"), createdBy, { isLiteral: true, icon: "terminal", explanation: l10n.t("As recorded") }),
        ]),
    ...(buildArgs === undefined
      ? []
      : [
          fact(l10n.t("Build arguments"), buildArgs, {
            isLiteral: true,
            icon: "symbol-parameter",
            explanation: l10n.t("ARG values that the RUN used; anyone with the image can read them"),
          }),
        ]),
    ...(created === undefined ? [] : [fact(l10n.t("Created"), clockTime(Date.parse(created)), { icon: "calendar" })]),
    ...(author === undefined || author === "" ? [] : [fact(l10n.t("Author"), author, { icon: "person" })]),
    ...(comment === undefined || comment === "" ? [] : [fact(l10n.t("Comment"), comment, { icon: "comment" })]),
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
      label: l10n.t("Shared with"),
      description: counted(rows.length, "image"),
      detail: l10n.t("Images with the same layer on the same base; it's stored once for all of them"),
      icon: "references",
      collapsibleState: "collapsed",
      children: paginate(rowId, rows),
    },
  ];
}
