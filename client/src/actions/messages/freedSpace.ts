import { formatBytes } from "../../../../oci/core/bytes.ts";
import { type ByteSum, freedBy } from "../../../../oci/images/space.ts";
import type { Catalog } from "../../../../oci/catalog/catalog.ts";
import { asLowerBound, counted } from "../../images/labels/sizes.ts";
import type { DiskSum } from "../../images/node.ts";

/** What removing these images gives back, in half a line; says what is not in the number. */
export function freedSpace(imageIds: readonly string[], catalog: Catalog | undefined): string {
  if (catalog === undefined) return "space given back not counted";
  const unread = imageIds.filter((id) => catalog.problems.has(id)).length;
  return formatFreed(asLowerBound(freedBy(catalog.images, new Set(imageIds)), catalog), unread);
}

/** What an image gives back that goes by itself. */
export function exclusiveSpace(alone: ByteSum | undefined, catalog: Catalog): string {
  return alone === undefined
    ? "could not be read, not counted"
    : `${formatFreed(asLowerBound(alone, catalog), 0)} by itself`;
}

/** What numbers leave out, each as a line of its own. */
export function uncountedLines(goingIds: readonly string[], catalog: Catalog | undefined): readonly string[] {
  if (catalog === undefined) return [];
  const unread = [...catalog.problems.keys()].filter((id) => !goingIds.includes(id)).length;
  return [
    ...(catalog.sizeKind === "disk"
      ? ["This counts unpacked layers; the compressed ones that the engine keeps beside them come on top."]
      : []),
    ...(unread === 0
      ? []
      : [
          `${counted(unread, "image")} that ${unread === 1 ? "stays" : "stay"} could not be read: layers that ${unread === 1 ? "it has" : "they have"} too are not given back.`,
        ]),
  ];
}

function formatFreed({ bytes, unknownLayers, hasMore }: DiskSum, unreadImages: number): string {
  const uncounted = [
    ...(unknownLayers === 0 ? [] : [`${counted(unknownLayers, "layer")} of unknown size`]),
    ...(unreadImages === 0 ? [] : [`${counted(unreadImages, "image")} that could not be read`]),
  ];
  if (uncounted.length === 0) return `${hasMore === true ? "at least " : ""}${formatBytes(bytes)} given back`;
  return bytes === 0
    ? `unknown how much is given back: ${uncounted.join(", ")}`
    : `at least ${formatBytes(bytes)} given back, without ${uncounted.join(", ")}`;
}
