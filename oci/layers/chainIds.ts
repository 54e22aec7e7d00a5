import { createHash } from "node:crypto";
import { chainIds, type ChainId } from "../core/digest.ts";
import type { Layer } from "../core/image.ts";

/** ChainIDs of layers, base first. @see image-spec config.md §Layer ChainID */
export function chainIdsOf(layers: readonly Pick<Layer, "diffId">[]): readonly ChainId[] {
  return chainIds(
    layers.map(({ diffId }) => diffId),
    (text) => createHash("sha256").update(text).digest("hex"),
  );
}
