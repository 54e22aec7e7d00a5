import { formatTotalWithGaps, asLowerBound, formatTotal } from "../labels/sizes.ts";
import { countWords } from "./diskSpace.ts";
import type { FoundImage, ImageTreeNode } from "../node.ts";
import { factRow, type RowContext, type Section } from "./context.ts";
import { infoNotice, pendingNotices, unreadNotices } from "./notices.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export const spaceSection: Section = {
  kind: "space",
  label: l10n.t("Space"),
  icon: "pie-chart",
  note: l10n.t("Unique and shared size, and what removing the image frees"),
  scope: "image",
  appliesTo: ({ sourceKind }) => sourceKind !== "registry",
  summary: ({ summary }, view) => {
    const space = view?.space.images.get(summary.id);
    return space && l10n.t("unique {0} · shared {1}", formatTotal(space.alone), formatTotal(space.shared));
  },
  rows: spaceRows,
};

/** The space that is exclusive to an image, and the space it shares with others of its source. */
async function spaceRows(
  rowId: string,
  { sourceId, sourceKind, summary }: FoundImage,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const state = await catalogs.load(sourceId, signal);
  if (state.kind !== "ready") return pendingNotices(rowId, state);
  const { space, catalog } = state.view;
  const own = space.images.get(summary.id);
  if (!own) return [infoNotice(`${rowId}/unknown`, l10n.t("Size unknown: unreadable image"), { severity: "warning" })];
  const fact = factRow(rowId);
  const others = new Set(own.sharedWith.flat()).size;
  const counts =
    catalog.sizeKind === undefined
      ? l10n.t("The source doesn't report the size of layers")
      : l10n.t("Counts {0}", countWords[catalog.sizeKind]);
  return [
    fact(l10n.t("Unique"), formatTotalWithGaps(own.alone), {
      icon: "circle-filled",
      explanation: l10n.t("Layers that only this image of this source has"),
    }),
    fact(
      l10n.t("Shared"),
      others === 0
        ? formatTotalWithGaps(own.shared)
        : l10n.t("{0} · with {1}", formatTotalWithGaps(own.shared), counted(others, "image")),
      {
        icon: "references",
        explanation: l10n.t("Layers that other images also use; they stay when this image is removed"),
      },
    ),
    fact(catalog.sizeKind === "disk" ? l10n.t("Total, unpacked") : l10n.t("Total"), formatTotalWithGaps(own.total), {
      icon: "layers",
      explanation: counts,
    }),
    ...(sourceKind === "engine"
      ? [
          fact(l10n.t("Freed by removing it"), formatTotal(asLowerBound(own.alone, catalog)), {
            icon: "trash",
            explanation: l10n.t("{0}. Unique layers only; build cache and containers may keep some of them", counts),
          }),
        ]
      : []),
    ...unreadNotices(rowId, state.view, l10n.t("may share these layers")),
    ...containersNotice(rowId, summary.containers),
  ];
}

function containersNotice(rowId: string, count = 0): readonly ImageTreeNode[] {
  if (count === 0) return [];
  const text = count === 1 ? l10n.t("1 container uses it") : l10n.t("{0} containers use it", count);
  return [infoNotice(`${rowId}/containers`, text, { icon: "vm-active", description: l10n.t("remove these first") })];
}
