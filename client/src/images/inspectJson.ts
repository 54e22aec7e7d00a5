import { present } from "../../../oci/core/decode.ts";
import type { Image, Layer } from "../../../oci/core/image.ts";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { spaceOf } from "../../../oci/images/space.ts";
import type { Catalog } from "../../../oci/catalog/catalog.ts";
import { chainIdsOf } from "../../../oci/layers/chainIds.ts";
import { stepsOf } from "../../../oci/images/stepsOf.ts";

/**
 * An image as a readable document: names first, every digest by kind, then layers, history and configuration. Unknown
 * values are left out.
 */
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
    configuration: isConfigKnown(image) ? settings : undefined,
    contentFrom: image.contentFrom?.kind,
    layers: layersOf(image),
    historyPairing,
    history: stepsOf(image).map(({ step, layer }) => ({
      ...step,
      layer: typeof layer === "object" ? layer.index : madeWords[layer],
    })),
  });
}

/**
 * In words, since layer numbers start at 0: "none" means that it made no layer, "unknown" that it may have made any.
 */
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

/** The image's space. Sums include layers of known size; `unknownLayers` is the number of others. */
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
