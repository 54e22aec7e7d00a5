import { failure, success, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { pathMatcher } from "../core/match/pathMatcher.ts";
import { searchLayers, type FoundPath } from "../images/searchLayers.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import type { FileSystems } from "./fileSystem.ts";

export interface SearchRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** The text, as understood by `pathMatcher`. */
  readonly text: string;
  readonly maxPaths: number;
}

export interface FoundPaths {
  readonly found: readonly FoundPath[];
  /** The number of all matching paths, listed or not. */
  readonly count: number;
  /** The number of layers that couldn't be read. */
  readonly unreadCount: number;
}

/** Finds paths in all layers of an image. */
export async function searchImage(
  { source, image, text, maxPaths, fileSystems }: SearchRequest<LayerReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<FoundPaths>> {
  const matches = pathMatcher(text);
  if (!matches) return failure({ kind: "unsupported", what: text, message: "not a valid regular expression" });
  const system = await fileSystems.read({ source, image }, onProgress, signal);
  if (!system.ok) return system;
  const { contents, problems } = system.value;
  return success({ ...searchLayers(contents, matches, maxPaths), unreadCount: problems.size });
}
