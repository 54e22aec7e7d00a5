import { isRecord } from "../../../oci/core/text.ts";
import { l10n } from "../ui/l10n.ts";

export const diffViewType = "imagewright.layerDiff";

/**
 * One side of a comparison: the file system made by the lowest `layerCount` layers of an image. Plain data that
 * outlives a reload.
 */
export interface DiffSide {
  readonly sourceId: string;
  /** The ID or reference by which the source finds the image. */
  readonly image: string;
  /** The name for display. */
  readonly name: string;
  /** All layers if absent; 0 is an empty file system. */
  readonly layerCount?: number;
}

export interface DiffRequest {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Set to show the whole newer file system, not only changes. */
  readonly isWhole?: true;
}

/** The change of one layer: compares the file system below it with the one including it. */
export function layerChange(side: DiffSide, layerIndex: number): DiffRequest {
  return { before: { ...side, layerCount: layerIndex }, after: { ...side, layerCount: layerIndex + 1 } };
}

/** True if the request is about one layer of one image. */
export function isLayerChange({ before, after }: DiffRequest): boolean {
  return (
    before.sourceId === after.sourceId &&
    before.image === after.image &&
    before.layerCount !== undefined &&
    after.layerCount === before.layerCount + 1
  );
}

export function requestTitle(request: DiffRequest): string {
  const { before, after } = request;
  return isLayerChange(request)
    ? l10n.t("Layer {0} of {1}", after.layerCount ?? "", after.name)
    : `${shortSide(before)} ↔ ${shortSide(after)}`;
}

/** `debian:12`, `debian:12 up to layer 3`. */
export function shortSide({ name, layerCount }: DiffSide): string {
  return layerCount === undefined
    ? name
    : layerCount === 0
      ? l10n.t("an empty file system")
      : l10n.t("{0} up to layer {1}", name, layerCount);
}

/** A request kept by a webview; undefined if it isn't valid. */
export function decodeRequest(kept: unknown): DiffRequest | undefined {
  if (!isRecord(kept)) return undefined;
  const before = decodeSide(kept["before"]);
  const after = decodeSide(kept["after"]);
  return before && after ? { before, after, ...(kept["isWhole"] === true && { isWhole: true }) } : undefined;
}

/** A side from plain data; undefined if it isn't valid. */
export function decodeSide(kept: unknown): DiffSide | undefined {
  if (!isRecord(kept)) return undefined;
  const { sourceId, image, name, layerCount } = kept;
  if (typeof sourceId !== "string" || typeof image !== "string" || typeof name !== "string") return undefined;
  if (layerCount === undefined) return { sourceId, image, name };
  return Number.isSafeInteger(layerCount) && Number(layerCount) >= 0
    ? { sourceId, image, name, layerCount: Number(layerCount) }
    : undefined;
}
