import { formatBytes } from "../../../oci/core/bytes.ts";
import type { ByteSum } from "../../../oci/core/space.ts";

/** `225 MB`, `≥ 225 MB` where layers of unknown size are left out, `unknown` where nothing is known. */
export function sumText({ bytes, unknownLayers }: ByteSum): string {
  if (unknownLayers === 0) return formatBytes(bytes);
  return bytes === 0 ? "unknown" : `≥ ${formatBytes(bytes)}`;
}

/** {@link sumText}, and how many layers are left out: `≥ 225 MB, 3 layers of unknown size`. */
export function fullSumText(sum: ByteSum): string {
  return [sumText(sum), ...unknownText(sum)].join(", ");
}

function unknownText({ unknownLayers }: ByteSum): readonly string[] {
  return unknownLayers === 0 ? [] : [`${counted(unknownLayers, "layer")} of unknown size`];
}

/** `1 layer`, `3 layers`, `1,204 layers`. */
export function counted(count: number, noun: string): string {
  // Starting `Intl` takes longer than a thousand rows; small counts do without.
  return `${count < 1000 ? count : count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
