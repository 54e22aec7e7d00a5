import { counted, formatTotalWithGaps, asLowerBound, formatTotal } from "../labels/sizes.ts";
import { countWords } from "./diskSpace.ts";
import type { FoundImage, ImageTreeNode } from "../node.ts";
import { factRow, type RowContext, type Section } from "./context.ts";
import { infoNotice, pendingNotices, unreadNotices } from "./notices.ts";

export const spaceSection: Section = {
  kind: "space",
  label: "Space",
  icon: "pie-chart",
  note: "Unique and shared size, and what removing the image frees",
  scope: "image",
  appliesTo: ({ sourceKind }) => sourceKind !== "registry",
  summary: ({ summary }, view) => {
    const space = view?.space.images.get(summary.id);
    return space && `unique ${formatTotal(space.alone)} · shared ${formatTotal(space.shared)}`;
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
  if (!own) return [infoNotice(`${rowId}/unknown`, "Size unknown: unreadable image", { severity: "warning" })];
  const fact = factRow(rowId);
  const others = new Set(own.sharedWith.flat()).size;
  const counts =
    catalog.sizeKind === undefined
      ? "The source doesn't report the size of layers"
      : `Counts ${countWords[catalog.sizeKind]}`;
  return [
    fact("Unique", formatTotalWithGaps(own.alone), {
      icon: "circle-filled",
      explanation: "Layers that only this image of this source has",
    }),
    fact("Shared", `${formatTotalWithGaps(own.shared)}${others === 0 ? "" : ` · with ${counted(others, "image")}`}`, {
      icon: "references",
      explanation: "Layers that other images also use; they stay when this image is removed",
    }),
    fact(catalog.sizeKind === "disk" ? "Total, unpacked" : "Total", formatTotalWithGaps(own.total), {
      icon: "layers",
      explanation: counts,
    }),
    ...(sourceKind === "engine"
      ? [
          fact("Freed by removing it", formatTotal(asLowerBound(own.alone, catalog)), {
            icon: "trash",
            explanation: `${counts}. Unique layers only; build cache and containers may keep some of them`,
          }),
        ]
      : []),
    ...unreadNotices(rowId, state.view, "may share these layers"),
    ...(summary.containers !== undefined && summary.containers > 0
      ? [
          infoNotice(
            `${rowId}/containers`,
            `${counted(summary.containers, "container")} ${summary.containers === 1 ? "uses" : "use"} it`,
            { icon: "vm-active", description: "remove these first" },
          ),
        ]
      : []),
  ];
}
