import { contentBytes, type ContentBytes } from "../core/bytes.ts";
import { success, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { stack } from "../core/stack.ts";
import { waste, wasteByLayers, type Waste, type WasteSummary } from "../core/waste.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import { readLayersUpTo } from "./readUpTo.ts";

/** The waste of an image, without the paths that waste least. */
export interface ImageWaste extends Waste, WasteSummary {
  /** Described by the source that was read. */
  readonly image: Image;
  /** The number of all wasted paths. */
  readonly pathCount: number;
}

export interface WasteRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** The maximum number of paths; those that waste most are kept. */
  readonly maxPaths: number;
}

/** Reads all layers of an image and sums up the hidden bytes. */
export async function wasteOfImage(
  { source, image, maxPaths }: WasteRequest<LayerReader>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<ImageWaste>> {
  const read = await readLayersUpTo(source, { image, onProgress }, signal);
  if (!read.ok) return read;
  const found = waste(stack(read.value.contents), read.value.contents.length);
  return success({
    ...found,
    image: read.value.image,
    paths: found.paths.slice(0, maxPaths),
    pathCount: found.paths.length,
    byLayers: wasteByLayers(found.paths),
  });
}

/**
 * Wasted bytes by the layers that shipped them: the base image's, which other images ship as well, and the image's own.
 */
export function wasteByOwner(
  { introducedBytes }: Pick<Waste, "introducedBytes">,
  baseLayerCount: number,
): { readonly base: ContentBytes; readonly own: ContentBytes } {
  const sum = (layers: readonly number[]): ContentBytes =>
    contentBytes(layers.reduce((total, bytes) => total + bytes, 0));
  return { base: sum(introducedBytes.slice(0, baseLayerCount)), own: sum(introducedBytes.slice(baseLayerCount)) };
}
