import type { OciError } from "../core/error.ts";
import type { ContentFrom, Image } from "../core/image.ts";

/** Why the layers of an image can't be read whose engine runs it without having their blobs. */
export function missingBlobs({ reference }: Pick<Image, "reference">): OciError {
  return {
    kind: "notFound",
    what: `the layers of ${reference}`,
    message: "the engine can run the image, but doesn't have the blobs of its layers; pulling it won't fetch them",
  };
}

/** False if only the history of an image is known: what its configuration lacks then may be set all the same. */
export function isConfigKnown({ contentFrom, config }: Image): boolean {
  if (contentFrom?.kind === "container") return false;
  // Docker 28 and 29 return an empty configuration, older versions the image's own.
  return contentFrom?.kind !== "nowhere" || config.diffIds.length > 0;
}

/** An image without blobs, with the layers of the same image found elsewhere. It keeps its own names and digests. */
export function withLayersOf(image: Image, found: Image, contentFrom: ContentFrom): Image {
  const { platform, config, configDigest, layers, emptyStepsAfter, historyPairing } = found;
  const digest = configDigest === undefined ? {} : { configDigest };
  return { ...image, ...digest, platform, config, layers, emptyStepsAfter, historyPairing, contentFrom };
}
