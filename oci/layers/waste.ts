import { contentBytes, type ContentBytes } from "../core/bytes.ts";
import { success, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { stack } from "../core/stack.ts";
import { waste, type Waste } from "../core/waste.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import { readLayersUpTo } from "./readUpTo.ts";

/** What an image wastes, without the paths that waste least. */
export interface ImageWaste extends Waste {
  /** As the source that was read describes it. */
  readonly image: Image;
  /** Of all paths that waste something. */
  readonly pathCount: number;
}

export interface WasteRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** At most so many paths, those that waste most. */
  readonly maxPaths: number;
}

/** Reads all layers of an image and sums up what of them nobody can see. */
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
  });
}

/** Wasted bytes by whose layers brought them: the base image's, which others ship as well, and one's own. */
export function wasteByOwner(
  { introducedBytes }: Pick<Waste, "introducedBytes">,
  baseLayerCount: number,
): { readonly base: ContentBytes; readonly own: ContentBytes } {
  const sum = (layers: readonly number[]): ContentBytes =>
    contentBytes(layers.reduce((total, bytes) => total + bytes, 0));
  return { base: sum(introducedBytes.slice(0, baseLayerCount)), own: sum(introducedBytes.slice(baseLayerCount)) };
}
