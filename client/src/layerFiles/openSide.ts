import { failure, success, type Result } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { FileSystemRequest } from "../../../oci/layers/fileSystem.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import { lookAt, type CompareHooks } from "../diff/compare.ts";
import type { DiffSide } from "../diff/side.ts";

/** A side with the data the worker needs to read it. */
export type OpenedSide = FileSystemRequest<LayerSource>;

export type SideOpener = (side: DiffSide, signal: AbortSignal) => Promise<Result<OpenedSide>>;

const maxKept = 20; // Images; an editor requests the same one several times for each file.

/** Finds images of sides and caches the last ones: an ID always means the same layers. */
export function createSideOpener(source: CompareHooks["source"]): SideOpener {
  const kept = new Map<string, Image>();
  return async (side, signal) => {
    const key = `${side.sourceId} ${side.image}`;
    const image = kept.get(key);
    const opened = image && (await source(side.sourceId));
    if (image && opened) return success({ source: opened.layerSource, image, layerCount: side.layerCount });
    const found = await lookAt(side, { source, onProgress: () => undefined }, signal);
    if (!found.ok) return failure(found.error);
    kept.set(key, found.value.image);
    for (const oldest of [...kept.keys()].slice(0, -maxKept)) kept.delete(oldest);
    return found;
  };
}
