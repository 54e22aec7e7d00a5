import { success, type Result } from "../../../../oci/core/error.ts";
import type { LayerClient } from "../../../../oci/layers/client.ts";
import type { FoundPath } from "../../../../oci/images/searchLayers.ts";
import type { FoundRow, SearchReport } from "../../../../media/protocol/messages.ts";
import { lookAt, progressOf, stepLine, type CompareHooks } from "../compare.ts";
import type { DiffSide } from "../side.ts";

export interface SearchHooks extends Pick<CompareHooks, "source" | "onProgress"> {
  readonly search: LayerClient["search"];
}

const maxPaths = 500; // More is too long to read; the status has the number of all.

/** Finds paths in all layers of a side's image. */
export async function searchReport(
  { side, text }: { readonly side: DiffSide; readonly text: string },
  { source, onProgress, search }: SearchHooks,
  signal: AbortSignal,
): Promise<Result<SearchReport>> {
  const opened = await lookAt(side, { source, onProgress }, signal);
  if (!opened.ok) return opened;
  const { image } = opened.value;
  const request = { source: opened.value.source, image, text, maxPaths };
  const result = await search(request, (progress) => onProgress(...progressOf(progress)), signal);
  if (!result.ok) return result;
  const { found, count, unreadCount } = result.value;
  return success({
    text,
    rows: found.flatMap(rowsOf),
    pathCount: count,
    shownPaths: found.length,
    steps: image.layers.map(({ step }) => stepLine(step?.createdBy ?? "")),
    unreadCount,
  });
}

function rowsOf({ path, versions }: FoundPath): readonly FoundRow[] {
  const isFile = versions.some(({ entry }) => entry?.kind === "file" || entry?.kind === "hardlink");
  return versions.map(({ layerIndex, change, entry }) => ({
    path,
    layerIndex,
    change,
    ...(entry && { size: entry.size }),
    isFile,
  }));
}
