import { formatBytes } from "../../../../oci/core/bytes.ts";
import { type ByteSum, freedBy } from "../../../../oci/images/space.ts";
import type { Catalog } from "../../../../oci/catalog/catalog.ts";
import { asLowerBound, counted } from "../../images/labels/sizes.ts";
import type { DiskSum } from "../../images/node.ts";

/** Describes the space freed by removing these images, and what the number leaves out. */
export function freedSpace(imageIds: readonly string[], catalog: Catalog | undefined): string {
  if (catalog === undefined) return "freed space not measured";
  const unread = imageIds.filter((id) => catalog.problems.has(id)).length;
  return formatFreed(asLowerBound(freedBy(catalog.images, new Set(imageIds)), catalog), unread);
}

/** Describes the space freed by an image removed on its own. */
export function exclusiveSpace(alone: ByteSum | undefined, catalog: Catalog): string {
  return alone === undefined
    ? "couldn't be read, not counted"
    : `${formatFreed(asLowerBound(alone, catalog), 0)} on its own`;
}

/** Describes what the numbers leave out, each on its own line. */
export function uncountedLines(goingIds: readonly string[], catalog: Catalog | undefined): readonly string[] {
  if (catalog === undefined) return [];
  const unread = [...catalog.problems.keys()].filter((id) => !goingIds.includes(id)).length;
  return [
    ...(catalog.sizeKind === "disk"
      ? ["This counts unpacked layers only; the engine also keeps compressed copies."]
      : []),
    ...(unread === 0
      ? []
      : [
          `${counted(unread, "image")} couldn't be read: layers that ${unread === 1 ? "it shares" : "they share"} aren't freed.`,
        ]),
  ];
}

function formatFreed({ bytes, unknownLayers, hasMore }: DiskSum, unreadImages: number): string {
  const uncounted = [
    ...(unknownLayers === 0 ? [] : [`${counted(unknownLayers, "layer")} of unknown size`]),
    ...(unreadImages === 0 ? [] : [`${counted(unreadImages, "unreadable image")}`]),
  ];
  if (uncounted.length === 0) return `${hasMore === true ? "at least " : ""}${formatBytes(bytes)} freed`;
  return bytes === 0
    ? `freed space unknown: ${uncounted.join(", ")}`
    : `at least ${formatBytes(bytes)} freed, not counting ${uncounted.join(", ")}`;
}
