import { present } from "../../../../oci/core/decode.ts";
import type { Layer } from "../../../../oci/core/image.ts";
import type { CatalogView } from "../data/catalogs.ts";
import type { FoundImage, ImageTreeNode, LayerNode } from "../node.ts";
import type { RowContext, Section } from "./context.ts";
import { imageRow } from "./images.ts";
import { infoNotice } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

export const layersSection: Section = {
  kind: "layers",
  label: l10n.t("Layers"),
  icon: "layers",
  note: l10n.t("The layers of the image's file system, base first"),
  scope: "platforms",
  collapsibleState: "expanded",
  summary: ({ image }) =>
    image.contentFrom?.kind === "nowhere" ? l10n.t("not stored by the engine") : String(image.layers.length),
  rows: layerRows,
};

/** The layers, base first as in a Dockerfile. */
async function layerRows(
  rowId: string,
  found: FoundImage,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { image, summary, sourceId, platform } = found;
  if (image.contentFrom?.kind === "nowhere") return [missingNotice(rowId, found)];
  if (image.layers.length === 0)
    return [infoNotice(`${rowId}/nothing`, l10n.t("No layers"), { description: l10n.t("the file system is empty") })];
  const view = platform === undefined ? await catalogs.peek(sourceId, signal) : undefined;
  return layerNodes(rowId, found, view && sharedCountsOf(summary.id, view));
}

function missingNotice(rowId: string, { summary, sourceId, sourceKind }: FoundImage): ImageTreeNode {
  return infoNotice(`${rowId}/missing`, l10n.t("Read Layers From…"), {
    severity: "action",
    description: l10n.t("the engine doesn't have the layers' blobs"),
    detail: l10n.t(
      "The engine can run this image, but doesn't have the blobs of its layers; pulling it again won't fetch them. Click to read them from another local image, from the registry, or from the export of a container.",
    ),
    command: {
      id: "imagewright.image.findLayers",
      title: l10n.t("Read Layers From…"),
      arguments: [imageRow(summary, { sourceId, sourceKind })],
    },
  });
}

/** The number of other images for each layer. It is only known if every image could be read. */
function sharedCountsOf(imageId: string, { space, catalog }: CatalogView): readonly (number | undefined)[] | undefined {
  return space.images
    .get(imageId)
    ?.sharedCounts.map((count) => (count === 0 && catalog.problems.size > 0 ? undefined : count));
}

/** The rows of layers. `sharedCounts` has the number of other images for each layer; absent if unknown. */
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

/** The share of each layer in all layers, only if all sizes are known and count the same: others can't be added. */
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
