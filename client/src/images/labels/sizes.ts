import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { ByteSum } from "../../../../oci/images/space.ts";
import type { Catalog } from "../../../../oci/catalog/catalog.ts";
import type { DiskSum } from "../node.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/**
 * The disk usage of layers: a containerd store has blobs in addition to those counted, and any index has layers of
 * other platforms.
 */
export function asLowerBound(sum: ByteSum, { sizeKind, hasOtherPlatforms }: Catalog): DiskSum {
  return sizeKind === "disk" || hasOtherPlatforms === true ? { ...sum, hasMore: true } : sum;
}

/** `225 MB`, `≥ 225 MB` if something is left out, `unknown` if nothing is known. */
export function formatTotal({ bytes, unknownLayers, hasMore = false }: DiskSum): string {
  if (unknownLayers === 0 && !hasMore) return formatBytes(bytes);
  return bytes === 0 && unknownLayers > 0 ? l10n.t("unknown") : `≥ ${formatBytes(bytes)}`;
}

/** {@link formatTotal}, and the number of layers left out: `≥ 225 MB, 3 layers of unknown size`. */
export function formatTotalWithGaps(sum: DiskSum): string {
  return [formatTotal(sum), ...unknownText(sum)].join(", ");
}

function unknownText({ unknownLayers }: ByteSum): readonly string[] {
  return unknownLayers === 0 ? [] : [l10n.t("{0} of unknown size", counted(unknownLayers, "layer"))];
}
