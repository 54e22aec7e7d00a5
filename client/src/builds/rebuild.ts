import { formatDelta } from "../../../oci/core/bytes.ts";
import { alignLayers, type LayerPair } from "../../../oci/images/alignLayers.ts";
import type { Build, BuildLayer } from "./build.ts";
import { l10n } from "../ui/l10n.ts";

/** The difference between two builds of an image, by their lists of layers. */
export interface Rebuild {
  /** The change of the image's size as the engine counts it; absent if the engine didn't report every layer's. */
  readonly deltaBytes?: number;
  /** The layer of the newer build that changed the size most, base is 0; absent if no layer of it differs. */
  readonly layerIndex?: number;
  /** True if both have the same layers. */
  readonly hasSameLayers: boolean;
}

/** Compares two builds; undefined if the layers of one aren't known. */
export function compareBuilds(before: Build, after: Build): Rebuild | undefined {
  if (!before.layers || !after.layers) return undefined;
  const layers = { before: before.layers, after: after.layers };
  const changed = alignLayers(layers.before, layers.after).filter(({ kind }) => kind !== "same");
  const main = changed.reduce<LayerPair | undefined>(
    (most, pair) => (most && weight(most, layers) >= weight(pair, layers) ? most : pair),
    undefined,
  );
  const [was, is] = [total(layers.before), total(layers.after)];
  return {
    ...(was !== undefined && is !== undefined && { deltaBytes: is - was }),
    ...(main?.after !== undefined && { layerIndex: main.after }),
    hasSameLayers: changed.length === 0,
  };
}

interface Layers {
  readonly before: readonly BuildLayer[];
  readonly after: readonly BuildLayer[];
}

function weight({ before, after }: LayerPair, layers: Layers): number {
  const bytes = (list: readonly BuildLayer[], index = -1): number => list[index]?.bytes ?? 0;
  return Math.abs(bytes(layers.after, after) - bytes(layers.before, before));
}

function total(layers: readonly BuildLayer[]): number | undefined {
  return layers.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}

/** `shop:dev +3.10 MB (line 14)`; `line` counts from 1. */
export function rebuildText(name: string, rebuild: Rebuild | undefined, line: number | undefined): string {
  const what =
    rebuild?.hasSameLayers === true
      ? l10n.t("rebuilt, same layers")
      : rebuild?.deltaBytes === undefined
        ? l10n.t("rebuilt")
        : formatDelta(rebuild.deltaBytes);
  return line === undefined ? `${name} ${what}` : l10n.t("{0} {1} (line {2})", name, what, line);
}
