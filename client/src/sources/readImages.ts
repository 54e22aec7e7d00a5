import { isDeepStrictEqual } from "node:util";
import { withLayersOf } from "../../../oci/source/missingBlobs.ts";
import type { Image } from "../../../oci/core/image.ts";

/**
 * Images as described by their layers once these have been read: more exact in sizes, history and digests than the
 * source's own data.
 */
export interface ReadImages {
  /** Stores the data; false if it is not new. */
  note(sourceId: string, image: Image): boolean;
  /** The image with the known data of its layers. */
  complete(sourceId: string, image: Image): Image;
}

const maxImages = 200; // A few kilobytes each; more aren't compared in a session.

export function createReadImages(): ReadImages {
  // A map keeps insertion order: the first entry is the least recently changed.
  const known = new Map<string, Image>();
  const keyOf = (sourceId: string, { id }: Image): string => `${sourceId}/${id}`;
  const complete = (sourceId: string, image: Image): Image => {
    const read = known.get(keyOf(sourceId, image));
    if (read?.contentFrom && image.contentFrom?.kind === "nowhere") return withLayersOf(image, read, read.contentFrom);
    return read && hasSameLayers(read, image) ? join(image, read) : image;
  };
  return {
    complete,
    note: (sourceId, image) => {
      const key = keyOf(sourceId, image);
      const before = known.get(key);
      const after = complete(sourceId, image);
      if (isDeepStrictEqual(before, after)) return false;
      known.delete(key);
      known.set(key, after);
      for (const oldest of known.keys()) if (known.size > maxImages) known.delete(oldest);
      return true;
    },
  };
}

/** True if both have the same layers. An index ID may stand for another platform's image now. */
function hasSameLayers(a: Image, b: Image): boolean {
  return (
    a.layers.length === b.layers.length && a.layers.every(({ diffId }, index) => diffId === b.layers[index]?.diffId)
  );
}

/** Combines the data of both. Names are those of `current`: tags move. */
function join(current: Image, read: Image): Image {
  const [better, other] =
    read.historyPairing === "exact" || current.historyPairing !== "exact" ? [read, current] : [current, read];
  const layers = better.layers.map((layer, index) => ({ ...other.layers[index], ...layer }));
  const { reference, id, tags, repoDigests } = current;
  return { ...other, ...better, layers, reference, id, tags, repoDigests };
}
