import type { ImageConfig } from "./config.ts";
import { present } from "./decode.ts";
import type { Descriptor } from "./descriptor.ts";
import { pairHistory } from "./history.ts";
import type { Image, Layer } from "./image.ts";

/** What a manifest says of a layer. */
export type LayerBlob = Pick<Layer, "digest" | "mediaType" | "blobBytes">;

/** The layers of a config, each with its blob (base first) and its step of the history. Where there are not as many blobs as layers, which is whose can't be told, and no layer has one. */
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

/** A layer's descriptor in a manifest. */
export function toLayerBlob({ digest, mediaType, size }: Descriptor): LayerBlob {
  return present({ digest, mediaType: mediaType || undefined, blobBytes: size });
}
