import { shortDigest } from "../../../../oci/core/digest.ts";
import { baseOf, type BaseImage, type LineageImage } from "../../../../oci/images/lineage.ts";
import { lineageOf } from "../../../../oci/catalog/composition.ts";
import type { CatalogState, CatalogView } from "../data/catalogs.ts";
import { imageRowUnder } from "./images.ts";
import type { FactNode, FoundImage, ImageTreeNode } from "../node.ts";
import { factRow, type RowContext, type Section } from "./context.ts";
import { infoNotice, pendingNotices, unreadNotices } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

export const baseSection: Section = {
  kind: "base",
  label: l10n.t("Built from"),
  icon: "type-hierarchy-super",
  note: l10n.t("The base image, as recorded by the build or found by comparing layers"),
  scope: "image",
  summary: baseSummary,
  rows: baseRows,
};

/** The confidence in the base, in words. */
const confidenceWords: Readonly<Record<BaseImage["confidence"], string>> = {
  exact: l10n.t("recorded, layers match"),
  recorded: l10n.t("recorded, image not available here"),
  layers: l10n.t("shares the lowest layers, not recorded"),
  contradicted: l10n.t("recorded, but layers differ"),
};

const confidenceDetails: Readonly<Record<BaseImage["confidence"], string>> = {
  exact: l10n.t("The build recorded this base, and its layers are the lowest of this image"),
  recorded: l10n.t("The build recorded this base. It isn't available here, so its layers can't be compared"),
  layers: l10n.t("The build recorded no base. Of the images here, this one shares the most of the lowest layers"),
  contradicted: l10n.t(
    "The build recorded this base, but the image here has other layers: its tag has moved, or layers were squashed",
  ),
};

/** `debian:12 — recorded, layers match`; only that it is recorded if it wasn't compared with the other images yet. */
function baseText(base: BaseImage, standing: "compared" | "unread"): string {
  return `${base.name ?? shortDigest(base.imageId ?? base.digest ?? "")} — ${standing === "compared" ? confidenceWords[base.confidence] : l10n.t("recorded")}`;
}

function baseSummary(found: FoundImage, view: CatalogView | undefined): string | undefined {
  const image = lineageOfFound(found);
  const base = view ? view.lineage.baseOf(image) : baseOf(image, []);
  if (base === undefined) return view && l10n.t("unknown");
  return baseText(base, view ? "compared" : "unread");
}

/** The image that this one was built from, with the evidence. */
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
      ? unreadNotices(rowId, state.view, l10n.t("may be the base"))
      : []),
    ...(base === undefined && state.kind === "ready"
      ? [
          infoNotice(`${rowId}/unknown`, l10n.t("Base image not found"), {
            description: l10n.t("not recorded, no match by layers"),
            detail: l10n.t(
              "The image doesn't record its base, and no readable image of this source has the same lowest layers",
            ),
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
          fact(l10n.t("Recorded base"), base.name, {
            isLiteral: true,
            icon: "type-hierarchy-super",
            explanation: l10n.t("From the annotation org.opencontainers.image.base.name"),
          }),
        ]),
    ...(state.kind === "ready" ? [confidenceFact(rowId, base.confidence)] : []),
    ...(base.digest === undefined
      ? []
      : [
          fact(l10n.t("Recorded base digest"), base.digest, {
            isLiteral: true,
            explanation: l10n.t("From org.opencontainers.image.base.digest: the manifest or index that the build used"),
          }),
        ]),
    ...(base.layerCount === undefined
      ? []
      : [fact(l10n.t("Base layers"), l10n.t("{0} of {1}", base.layerCount, length), { icon: "layers" })]),
  ];
}

function confidenceFact(rowId: string, confidence: BaseImage["confidence"]): FactNode {
  const isDoubtful = confidence === "contradicted";
  return factRow(rowId)(l10n.t("Evidence"), confidenceWords[confidence], {
    icon: isDoubtful ? "warning" : "info",
    explanation: confidenceDetails[confidence],
    ...(isDoubtful ? { severity: "warning" } : {}),
  });
}

/**
 * The image's lineage data under the name by which the source lists it, which isn't always its own ID: an image isn't
 * its own base.
 */
export function lineageOfFound({ image, summary }: FoundImage): LineageImage {
  return { ...lineageOf(image), id: summary.id };
}
