import { success, type Result } from "../../../../oci/core/error.ts";
import type { Image } from "../../../../oci/core/image.ts";
import type { WastedPath, WastedVersion } from "../../../../oci/core/waste.ts";
import type { LayerClient } from "../../../../oci/layers/client.ts";
import { wasteByOwner, type ImageWaste } from "../../../../oci/layers/waste.ts";
import type { WasteReason, WasteReport, WasteRow } from "../../../../media/protocol/messages.ts";
import { type CompareHooks, lookAt, progressOf, stepLine, viewLayers } from "../compare.ts";
import type { DiffSide } from "../side.ts";

export interface WasteHooks extends Pick<CompareHooks, "source" | "onProgress" | "onRead"> {
  readonly waste: LayerClient["waste"];
  /** The number of an image's lowest layers that belong to its base; undefined if unknown. */
  baseLayerCount(side: DiffSide, image: Image, signal: AbortSignal): Promise<number | undefined>;
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
  const read = await hooks.waste(
    { source, image, maxPaths },
    (progress) => hooks.onProgress(...progressOf(progress)),
    signal,
  );
  if (!read.ok) return read;
  hooks.onRead(side.sourceId, read.value.image);
  return success(reportOf(side, read.value, await hooks.baseLayerCount(side, read.value.image, signal)));
}

function reportOf(side: DiffSide, waste: ImageWaste, baseLayerCount: number | undefined): WasteReport {
  const { shippedBytes, visibleBytes, bytes, efficiency, paths, pathCount, image } = waste;
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
    rows: paths.flatMap(rowsOf).sort((a, b) => b.bytes - a.bytes),
    omittedPaths: pathCount - paths.length,
  };
}

function rowsOf({ path, versions }: WastedPath): readonly WasteRow[] {
  return versions.map((version) => ({
    path,
    bytes: version.bytes,
    broughtBy: version.introducedBy + 1,
    hiddenBy: version.hiddenBy + 1,
    how: reasonOf(version),
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
