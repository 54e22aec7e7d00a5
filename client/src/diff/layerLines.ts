import type { Image } from "../../../oci/core/image.ts";
import type { LayerLines } from "../../../media/protocol/messages.ts";

/** Finds the lines of a Dockerfile that made the layers of a source's image; undefined if none is known. */
export type FindLayerLines = (sourceId: string, image: Image) => Promise<LayerLines | undefined>;

/** Remembers the lines of the last image: all parts of a panel ask for the same. */
export function rememberLast(find: FindLayerLines): FindLayerLines {
  let last: { readonly key: string; readonly lines: ReturnType<FindLayerLines> } | undefined;
  return (sourceId, image) => {
    const key = `${sourceId} ${image.id}`;
    if (last?.key !== key) last = { key, lines: find(sourceId, image) };
    return last.lines;
  };
}
