import type { DiffId } from "../../oci/core/digest.ts";
import type { LayerContent } from "../../oci/core/entry.ts";
import type { Image } from "../../oci/core/image.ts";
import { CommandError, fromOciError } from "./command.ts";
import type { OpenedImage } from "./images.ts";

/** An image with the content of its lowest layers. */
export interface ReadImage {
  /** As the read archive describes it, which may be more exact than what the source said at first. */
  readonly image: Image;
  /** Lowest first. */
  readonly contents: readonly LayerContent[];
}

/** Reads the lowest `count` layers, all without. A layer that can't be read fails the whole: what is above it would be wrong. */
export async function readLayers({ image, layers }: OpenedImage, count: number | undefined, signal: AbortSignal): Promise<ReadImage> {
  const wanted = image.layers.slice(0, count).map(({ diffId }) => diffId);
  if (wanted.length === 0) return { image, contents: [] };
  const read = await layers.layers(image, { wanted }, signal);
  if (!read.ok) throw fromOciError(read.error);
  const contentOf = (diffId: DiffId): LayerContent => {
    const content = read.value.contents.get(diffId);
    if (content) return content;
    throw new CommandError(read.value.problems?.get(diffId)?.message ?? `layer ${diffId} of ${image.reference} is not in what the source sent`);
  };
  return { image: read.value.image, contents: wanted.map(contentOf) };
}
