import type { DiffId } from "../../../oci/core/digest.ts";
import type { CatalogImage } from "../../../oci/catalog/catalog.ts";
import { digest } from "../images/fakeTree.ts";

/** An image of layers that are a digit and a size each, base first. */
export function made(
  id: string,
  layers: readonly (readonly [digit: string, bytes: number | undefined])[],
): CatalogImage {
  const diffIds = layers.map(([digit]) => digest(digit) as DiffId);
  return {
    id,
    tags: [],
    repoDigests: [],
    diffIds,
    steps: [],
    annotations: {},
    layers: layers.map(([digit, bytes]) => ({
      diffId: digest(digit) as DiffId,
      ...(bytes === undefined ? {} : { bytes }),
    })),
  };
}
