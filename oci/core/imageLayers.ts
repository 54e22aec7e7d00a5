import type { ImageConfig } from "./config.ts";
import { present } from "./decode.ts";
import type { Descriptor } from "./descriptor.ts";
import { pairHistory } from "./history.ts";
import type { Image, Layer } from "./image.ts";

/** A manifest's data about a layer. */
export type LayerBlob = Pick<Layer, "digest" | "mediaType" | "blobBytes">;

/**
 * Returns the layers of a config, each with its blob (base first) and its history step. If the number of blobs differs
 * from that of layers, blobs can't be assigned, and no layer has one.
 */
export function describeLayers(
  { diffIds, history }: ImageConfig,
  blobs: readonly LayerBlob[],
): Pick<Image, "layers" | "emptyStepsAfter" | "historyPairing"> {
  const { pairing, layers, emptyStepsAfter } = pairHistory(history, diffIds.length);
  const known = blobs.length === diffIds.length ? blobs : [];
  return {
    layers: diffIds.map((diffId, index) => ({
      index,
      diffId,
      ...known[index],
      ...(layers[index] ?? { emptyStepsBefore: [] }),
    })),
    emptyStepsAfter,
    historyPairing: pairing,
  };
}

/** Converts a layer's descriptor in a manifest. */
export function toLayerBlob({ digest, mediaType, size }: Descriptor): LayerBlob {
  return present({ digest, mediaType: mediaType || undefined, blobBytes: size });
}
