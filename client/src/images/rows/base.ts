import { shortDigest } from "../../../../oci/core/digest.ts";
import { baseOf, type BaseImage, type LineageImage } from "../../../../oci/images/lineage.ts";
import { lineageOf } from "../../../../oci/catalog/composition.ts";
import { counted } from "../labels/sizes.ts";
import type { CatalogState, CatalogView } from "../data/catalogs.ts";
import { imageRowUnder } from "./images.ts";
import type { FactNode, FoundImage, ImageTreeNode } from "../node.ts";
import { factRow, type RowContext, type Section } from "./context.ts";
import { infoNotice, pendingNotices, unreadNotices } from "./notices.ts";

export const baseSection: Section = {
  kind: "base",
  label: "Built from",
  icon: "type-hierarchy-super",
  note: "The base image: as the build recorded it, or as the layers tell",
  scope: "image",
  summary: baseSummary,
  rows: baseRows,
};

/** How sure the base is, in words. */
const confidenceWords: Readonly<Record<BaseImage["confidence"], string>> = {
  exact: "recorded, layers match",
  recorded: "recorded, not here to compare",
  layers: "by its layers, not recorded",
  contradicted: "recorded, but its layers are others",
};

const confidenceDetails: Readonly<Record<BaseImage["confidence"], string>> = {
  exact: "The build recorded it, and its layers are the lowest of this image",
  recorded: "The build recorded it; the image is not here, so its layers could not be compared",
  layers: "The build recorded no base; of the images here this one has the longest chain of the same lowest layers",
  contradicted:
    "The build recorded it, but the image here that it names has other layers: its tag was moved since, or the layers were joined",
};

/** `debian:12 — recorded, layers match`; before it was compared with the other images only that it is recorded. */
function baseText(base: BaseImage, standing: "compared" | "not compared"): string {
  return `${base.name ?? shortDigest(base.imageId ?? base.digest ?? "")} — ${standing === "compared" ? confidenceWords[base.confidence] : "recorded"}`;
}

function baseSummary(found: FoundImage, view: CatalogView | undefined): string | undefined {
  const image = lineageOfFound(found);
  const base = view ? view.lineage.baseOf(image) : baseOf(image, []);
  if (base === undefined) return view && "unknown";
  return baseText(base, view ? "compared" : "not compared");
}

/** The image that this one was built from, with what makes it so. */
async function baseRows(
  rowId: string,
  found: FoundImage,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const state = await catalogs.load(found.sourceId, signal);
  const image = lineageOfFound(found);
  const base = state.kind === "ready" ? state.view.lineage.baseOf(image) : baseOf(image, []);
  return [
    ...(base ? baseFacts(rowId, base, found, state) : []),
    ...pendingNotices(rowId, state),
    ...(state.kind === "ready" && (base === undefined || base.confidence === "layers")
      ? unreadNotices(rowId, state.view, "may be its base")
      : []),
    ...(base === undefined && state.kind === "ready"
      ? [
          infoNotice(`${rowId}/unknown`, "Base unknown", {
            description: "none recorded, none found",
            detail:
              "The image records no base, and no other image of this source that could be read has its lowest layers",
          }),
        ]
      : []),
  ];
}

function baseFacts(rowId: string, base: BaseImage, found: FoundImage, state: CatalogState): readonly ImageTreeNode[] {
  const fact = factRow(rowId);
  const { length } = found.image.layers;
  const summary =
    state.kind === "ready" && base.imageId !== undefined ? state.view.summaries.get(base.imageId) : undefined;
  return [
    ...(summary && state.kind === "ready" ? [imageRowUnder(rowId, summary, { ...found, view: state.view })] : []),
    ...(base.name === undefined || summary?.tags.includes(base.name)
      ? []
      : [
          fact("Recorded base", base.name, {
            isLiteral: true,
            icon: "type-hierarchy-super",
            explanation: "What org.opencontainers.image.base.name says",
          }),
        ]),
    ...(state.kind === "ready" ? [confidenceFact(rowId, base.confidence)] : []),
    ...(base.digest === undefined
      ? []
      : [
          fact("Recorded base digest", base.digest, {
            isLiteral: true,
            explanation: "What org.opencontainers.image.base.digest says: the manifest or index that the build used",
          }),
        ]),
    ...(base.layerCount === undefined
      ? []
      : [fact("Layers from the base", `${base.layerCount} of ${counted(length, "layer")}`, { icon: "layers" })]),
  ];
}

function confidenceFact(rowId: string, confidence: BaseImage["confidence"]): FactNode {
  const isDoubtful = confidence === "contradicted";
  return factRow(rowId)("Confidence", confidenceWords[confidence], {
    icon: isDoubtful ? "warning" : "info",
    explanation: confidenceDetails[confidence],
    ...(isDoubtful ? { severity: "warning" } : {}),
  });
}

/** By the name that the source lists it by, which is not its own ID everywhere: an image is not its own base. */
export function lineageOfFound({ image, summary }: FoundImage): LineageImage {
  return { ...lineageOf(image), id: summary.id };
}
