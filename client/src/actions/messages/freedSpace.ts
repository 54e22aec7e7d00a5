import { formatBytes } from "../../../../oci/core/bytes.ts";
import { type ByteSum, freedBy } from "../../../../oci/images/space.ts";
import type { Catalog } from "../../../../oci/catalog/catalog.ts";
import { asLowerBound } from "../../images/labels/sizes.ts";
import type { DiskSum } from "../../images/node.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** Describes the space freed by removing these images, and what the number leaves out. */
export function freedSpace(imageIds: readonly string[], catalog: Catalog | undefined): string {
  if (catalog === undefined) return l10n.t("freed space not measured");
  const unread = imageIds.filter((id) => catalog.problems.has(id)).length;
  return formatFreed(asLowerBound(freedBy(catalog.images, new Set(imageIds)), catalog), unread);
}

/** Describes the space freed by an image removed on its own. */
export function exclusiveSpace(alone: ByteSum | undefined, catalog: Catalog): string {
  return alone === undefined
    ? l10n.t("couldn't be read, not counted")
    : l10n.t("{0} on its own", formatFreed(asLowerBound(alone, catalog), 0));
}

/** Describes what the numbers leave out, each on its own line. */
export function uncountedLines(goingIds: readonly string[], catalog: Catalog | undefined): readonly string[] {
  if (catalog === undefined) return [];
  const unread = [...catalog.problems.keys()].filter((id) => !goingIds.includes(id)).length;
  return [
    ...(catalog.sizeKind === "disk"
      ? [l10n.t("This counts unpacked layers only; the engine also keeps compressed copies.")]
      : []),
    ...(unread === 0
      ? []
      : [
          unread === 1
            ? l10n.t("1 image couldn't be read: layers that it shares aren't freed.")
            : l10n.t("{0} images couldn't be read: layers that they share aren't freed.", unread),
        ]),
  ];
}

function formatFreed({ bytes, unknownLayers, hasMore }: DiskSum, unreadImages: number): string {
  const uncounted = [
    ...(unknownLayers === 0 ? [] : [l10n.t("{0} of unknown size", counted(unknownLayers, "layer"))]),
    ...(unreadImages === 0 ? [] : [`${counted(unreadImages, "unreadable image")}`]),
  ];
  if (uncounted.length === 0)
    return hasMore === true
      ? l10n.t("at least {0} freed", formatBytes(bytes))
      : l10n.t("{0} freed", formatBytes(bytes));
  return bytes === 0
    ? l10n.t("freed space unknown: {0}", uncounted.join(", "))
    : l10n.t("at least {0} freed, not counting {1}", formatBytes(bytes), uncounted.join(", "));
}
