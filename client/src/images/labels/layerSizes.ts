import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { EngineSizeKind, Layer } from "../../../../oci/core/image.ts";
import type { StepNode } from "../node.ts";
import { type ReadableStep, readableStep } from "../../../../oci/images/readableStep.ts";
import { l10n } from "../../ui/l10n.ts";

/** Descriptions of what an engine's sizes count. */
export const engineCountWords: Readonly<Record<EngineSizeKind, string>> = {
  content: l10n.t("file content"),
  disk: l10n.t("disk space of the unpacked layer"),
  tar: l10n.t("the unpacked tar, including headers"),
};

interface LayerSize {
  readonly bytes: number;
  readonly counts: "content" | "engine" | "blob";
}

/** A layer's most exact size, and how it was counted. */
export function layerSize({ contentBytes, engineBytes, blobBytes }: Layer): LayerSize | undefined {
  if (contentBytes !== undefined) return { bytes: contentBytes, counts: "content" };
  if (engineBytes !== undefined) return { bytes: engineBytes, counts: "engine" };
  return blobBytes === undefined ? undefined : { bytes: blobBytes, counts: "blob" };
}

/** Describes what a layer's size counts. */
export function sizeWords({ counts }: LayerSize, engineCount: EngineSizeKind | undefined): string {
  if (counts === "content") return l10n.t("file content, uncompressed");
  if (counts === "blob") return l10n.t("the blob as stored, usually compressed");
  return engineCount === undefined
    ? l10n.t("as reported by the engine")
    : l10n.t("{0}, as reported by the engine", engineCountWords[engineCount]);
}

/** `1.48 MB`, `700 B stored` for a blob, or a text for an unknown size. */
export function sizeText(size: LayerSize | undefined): string {
  if (size === undefined) return l10n.t("size unknown");
  return size.counts === "blob" ? l10n.t("{0} stored", formatBytes(size.bytes)) : formatBytes(size.bytes);
}

/** `1.48 MB (1,475,512 bytes)`; below 1 kB only the count. */
export function exactBytes(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : l10n.t("{0} ({1} bytes)", formatBytes(bytes), bytes.toLocaleString("en"));
}

/** The layer of a step: `layer 2, 1.48 MB`. */
export function layerOfStep(made: StepNode["layer"]): string {
  if (made === "none") return l10n.t("creates no layer");
  if (made === "inferred") return l10n.t("creates no layer (inferred from the instruction)");
  if (made === "unknown") return l10n.t("layer not recorded");
  return l10n.t("layer {0}, {1}", made.index + 1, sizeText(layerSize(made)));
}

/** The step as an instruction. If nothing is recorded, the comment often says what happened: `Imported from FILE`. */
export function readable({ createdBy, comment }: HistoryStep): ReadableStep {
  if (createdBy.trim() !== "" || comment === undefined) return readableStep(createdBy);
  // `docker import -` reads standard input, which has no name.
  return { text: comment === "Imported from -" ? l10n.t("Imported file system") : comment };
}

/** `59 %`. A share that rounds to nothing is `<1 %`, and one that rounds to all is `>99 %`. */
export function percent(share: number): string {
  if (share < 1 && share >= 0.995) return ">99 %";
  return share > 0 && share < 0.005 ? "<1 %" : `${Math.round(share * 100)} %`;
}
