import { success, type Result } from "../../../../oci/core/error.ts";
import type { LayerClient } from "../../../../oci/layers/client.ts";
import type { ImageDuplicates } from "../../../../oci/layers/duplicates.ts";
import type { DuplicatesReport } from "../../../../media/protocol/messages.ts";
import { lookAt, progressOf, stepLine, type CompareHooks } from "../compare.ts";
import type { DiffSide } from "../side.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export interface DuplicatesHooks extends Pick<CompareHooks, "source" | "onProgress"> {
  readonly duplicates: LayerClient["duplicates"];
}

/** The copies beyond waste almost nothing, and this many fit in one message. */
const limits = { maxGroups: 1000, maxCopies: 50 };

/** Finds files with the same content in a side's image. */
export async function duplicatesReport(
  side: DiffSide,
  { source, onProgress, duplicates }: DuplicatesHooks,
  signal: AbortSignal,
): Promise<Result<DuplicatesReport>> {
  const opened = await lookAt(side, { source, onProgress }, signal);
  if (!opened.ok) return opened;
  const { image } = opened.value;
  const request = { source: opened.value.source, image, ...limits };
  const found = await duplicates(request, (progress) => onProgress(...progressOf(progress)), signal);
  if (!found.ok) return found;
  const { groups, groupCount, wastedBytes } = found.value;
  return success({
    image: side.name,
    groups: groups.map(({ copies, sha256: _, ...group }) => ({
      ...group,
      copies: copies.map(({ path, layerIndex }) => ({ path, layer: layerIndex + 1 })),
    })),
    groupCount,
    wastedBytes,
    notes: notesOn(found.value),
    steps: image.layers.map(({ step }) => stepLine(step?.createdBy ?? "")),
  });
}

function notesOn({ unknownCount, unreadCount }: ImageDuplicates): readonly string[] {
  return [
    ...(unreadCount === 0 ? [] : [l10n.t("{0} can't be read and may hold more copies", counted(unreadCount, "layer"))]),
    ...(unknownCount === 0
      ? []
      : [l10n.t("{0} may be copies too: their content isn't known", counted(unknownCount, "file"))]),
  ];
}
