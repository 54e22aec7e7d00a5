import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { EngineSizeKind, Layer } from "../../../../oci/core/image.ts";
import type { StepNode } from "../node.ts";
import { type ReadableStep, readableStep } from "../../ui/instruction.ts";

/** Descriptions of what an engine's sizes count. */
export const engineCountWords: Readonly<Record<EngineSizeKind, string>> = {
  content: "file content",
  disk: "disk space of the unpacked layer",
  tar: "the unpacked tar, including headers",
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
  if (counts === "content") return "file content, uncompressed";
  if (counts === "blob") return "the blob as stored, usually compressed";
  return engineCount === undefined
    ? "as reported by the engine"
    : `${engineCountWords[engineCount]}, as reported by the engine`;
}

/** `1.48 MB`, `700 B stored` for a blob, or a text for an unknown size. */
export function sizeText(size: LayerSize | undefined): string {
  return size === undefined ? "size unknown" : `${formatBytes(size.bytes)}${size.counts === "blob" ? " stored" : ""}`;
}

/** `1.48 MB (1,475,512 bytes)`; below 1 kB only the count. */
export function exactBytes(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${bytes.toLocaleString("en")} bytes)`;
}

/** The layer of a step: `layer 2, 1.48 MB`. */
export function layerOfStep(made: StepNode["layer"]): string {
  if (made === "none") return "creates no layer";
  if (made === "inferred") return "creates no layer (inferred from the instruction)";
  if (made === "unknown") return "layer not recorded";
  return `layer ${made.index + 1}, ${sizeText(layerSize(made))}`;
}

/** The step as an instruction. If nothing is recorded, the comment often says what happened: `Imported from FILE`. */
export function readable({ createdBy, comment }: HistoryStep): ReadableStep {
  if (createdBy.trim() !== "" || comment === undefined) return readableStep(createdBy);
  // `docker import -` reads standard input, which has no name.
  return { text: comment === "Imported from -" ? "Imported file system" : comment };
}

/** `59 %`. A share that rounds to nothing is `<1 %`, and one that rounds to all is `>99 %`. */
export function percent(share: number): string {
  if (share < 1 && share >= 0.995) return ">99 %";
  return share > 0 && share < 0.005 ? "<1 %" : `${Math.round(share * 100)} %`;
}
