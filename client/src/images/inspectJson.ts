import { present } from "../../../oci/core/decode.ts";
import type { Image, Layer } from "../../../oci/core/image.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { spaceOf } from "../../../oci/images/space.ts";
import type { Catalog } from "../../../oci/catalog/catalog.ts";
import { chainIdsOf } from "../../../oci/layers/chainIds.ts";
import { stepsOf } from "./rows/history.ts";

/** An image as a document to read: names first, every digest under what kind it is, then layers, history and configuration. What is not known is left out. */
export function imageAsJson(image: Image, catalog: Catalog | undefined): object {
  const {
    reference,
    id,
    indexDigest,
    manifestDigest,
    configDigest,
    platform,
    tags,
    repoDigests,
    engineBytes,
    engineSizeKind,
    historyPairing,
    annotations,
    manifests,
    config,
  } = image;
  const { platform: _, diffIds: __, history: ___, ...settings } = config;
  return present({
    ...(reference === id ? {} : { reference }),
    tags,
    imageId: id,
    repositoryDigests: repoDigests,
    indexDigest,
    manifestDigest,
    configDigest,
    platform: formatPlatform(platform),
    engineBytes,
    engineCount: engineSizeKind,
    space: catalog && spaceIn(catalog, id),
    manifests: manifests?.map(({ platform: own, ...manifest }) => ({
      ...manifest,
      ...(own ? { platform: formatPlatform(own) } : {}),
    })),
    annotations,
    configuration: settings,
    layers: layersOf(image),
    historyPairing,
    history: stepsOf(image).map(({ step, layer }) => ({
      ...step,
      layer: typeof layer === "object" ? layer.index : madeWords[layer],
    })),
  });
}

/** As numbers of layers begin with 0, "none" is no layer, and "unknown" may be any. */
const madeWords = { none: "none", inferred: "none (inferred from the instruction)", unknown: "unknown" } as const;

function layersOf({ layers }: Image): readonly object[] {
  const chain = chainIdsOf(layers);
  return layers.map((layer, index) => layerDocument(layer, chain[index]));
}

function layerDocument(
  { index, diffId, digest, mediaType, blobBytes, contentBytes, engineBytes, step }: Layer,
  chainId: string | undefined,
): object {
  return present({
    index,
    diffId,
    chainId,
    layerDigest: digest,
    mediaType,
    blobBytes,
    contentBytes,
    engineBytes,
    createdBy: step?.createdBy,
  });
}

/** Sums are of layers whose size is known; `unknownLayers` says how many are left out. */
function spaceIn({ images, sizeKind }: Catalog, id: string): object | undefined {
  const own = spaceOf(images).images.get(id);
  return (
    own &&
    present({
      counts: sizeKind,
      total: own.total,
      alone: own.alone,
      shared: own.shared,
      sharedCounts: own.sharedCounts,
    })
  );
}
