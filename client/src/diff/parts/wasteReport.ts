import { success, type Result } from "../../../../oci/core/error.ts";
import type { Image } from "../../../../oci/core/image.ts";
import type { WastedPath, WastedVersion } from "../../../../oci/core/waste.ts";
import type { LayerClient } from "../../../../oci/layers/client.ts";
import { layersBelowLines, wasteAdvice, type AdvisedImage } from "../../../../oci/images/wasteAdvice.ts";
import { wasteByOwner, type ImageWaste } from "../../../../oci/layers/waste.ts";
import type { LayerLines, WasteReason, WasteReport, WasteRow } from "../../../../media/protocol/messages.ts";
import { type CompareHooks, lookAt, progressOf, stepLine, viewLayers } from "../compare.ts";
import { l10n } from "../../ui/l10n.ts";
import type { FindLayerLines } from "../layerLines.ts";
import type { DiffSide } from "../side.ts";

export interface WasteHooks extends Pick<CompareHooks, "source" | "onProgress" | "onRead"> {
  readonly waste: LayerClient["waste"];
  /** The number of an image's lowest layers that belong to its base; undefined if unknown. */
  baseLayerCount(side: DiffSide, image: Image, signal: AbortSignal): Promise<number | undefined>;
  readonly layerLines: FindLayerLines;
}

/** The rows beyond waste almost nothing, and this many fit in one message. */
const maxPaths = 5000;

/** Has the worker read all layers of a side's image, and reports their waste. */
export async function wasteReport(
  side: DiffSide,
  hooks: WasteHooks,
  signal: AbortSignal,
): Promise<Result<WasteReport>> {
  const found = await lookAt(side, hooks, signal);
  if (!found.ok) return found;
  const { source, image } = found.value;
  const lines = hooks.layerLines(side.sourceId, image);
  const read = await hooks.waste(
    { source, image, maxPaths },
    (progress) => hooks.onProgress(...progressOf(progress)),
    signal,
  );
  if (!read.ok) return read;
  hooks.onRead(side.sourceId, read.value.image);
  const baseLayerCount = await hooks.baseLayerCount(side, read.value.image, signal);
  return success(reportOf(side, read.value, { baseLayerCount, origin: await lines }));
}

interface Origins {
  readonly baseLayerCount: number | undefined;
  readonly origin: LayerLines | undefined;
}

function reportOf(side: DiffSide, waste: ImageWaste, { baseLayerCount, origin }: Origins): WasteReport {
  const { shippedBytes, visibleBytes, bytes, efficiency, paths, pathCount, image } = waste;
  const advised: AdvisedImage = {
    steps: image.layers.map(({ step }) => step?.createdBy ?? ""),
    place: (index) => placeText(index, origin),
    baseLayerCount: baseLayerCount ?? layersBelowLines(origin?.lines ?? []),
  };
  return {
    image: side.name,
    shippedBytes,
    visibleBytes,
    wastedBytes: bytes,
    efficiency,
    ...(baseLayerCount !== undefined && {
      base: { layerCount: baseLayerCount, wastedBytes: wasteByOwner(waste, baseLayerCount).base },
    }),
    steps: image.layers.map(({ step }) => stepLine(step?.createdBy ?? "")),
    layers: viewLayers(image),
    ...(origin && { origin }),
    rows: paths.flatMap((path) => rowsOf(path, advised)).sort((a, b) => b.bytes - a.bytes),
    omittedPaths: pathCount - paths.length,
  };
}

/** `line 12`, or `layer 3` if its line isn't known. */
function placeText(layerIndex: number, origin: LayerLines | undefined): string {
  const line = origin?.lines[layerIndex];
  return typeof line === "number" ? l10n.t("line {0}", line) : l10n.t("layer {0}", layerIndex + 1);
}

function rowsOf({ path, versions }: WastedPath, advised: AdvisedImage): readonly WasteRow[] {
  return versions.map((version) => ({
    path,
    bytes: version.bytes,
    broughtBy: version.introducedBy + 1,
    hiddenBy: version.hiddenBy + 1,
    how: reasonOf(version),
    advice: wasteAdvice(version, advised),
    ...(version.through !== undefined && { through: version.through }),
  }));
}

function reasonOf({ cause, reason }: WastedVersion): WasteReason {
  switch (cause) {
    case "deleted":
      return reason === "opaque" ? "opaque" : reason === "whiteout" ? "removed" : "replaced";
    case "overwritten":
      return "replaced";
    case "metadata":
      return "attributes";
    case "identical":
      return "identical";
    default:
      return cause satisfies never;
  }
}
