import type { Image, Layer } from "../../../../oci/core/image.ts";
import { chainIdsOf } from "../../../../oci/layers/chainIds.ts";

/** An exact name of an image or a layer, and the kind of name it is. */
export interface Identity {
  readonly kind: string;
  readonly value: string;
  readonly explanation: string;
}

/** Everything that identifies an image, most useful first. Unknown identities are left out. */
export function imageIdentities(image: Image): readonly Identity[] {
  return [
    ...image.repoDigests.map(repositoryDigest),
    ...some(
      "Index digest",
      image.indexDigest,
      "identifies all platforms of the image; a multi-platform tag points to it",
    ),
    ...some("Manifest digest", image.manifestDigest, "identifies the image of one platform as stored and downloaded"),
    ...some("Config digest", image.configDigest, "identifies the configuration, which lists the layers' DiffIDs"),
    { kind: "Image ID", value: image.id, explanation: `the ID in this source: ${meaningOfId(image)}` },
    ...rootIdentity(image),
  ];
}

export function layerIdentities({ digest, diffId }: Layer): readonly Identity[] {
  return [
    ...some("Layer digest", digest, "identifies the layer as stored and downloaded, usually compressed"),
    { kind: "DiffID", value: diffId, explanation: "identifies the layer's uncompressed tar" },
  ];
}

function repositoryDigest(value: string): Identity {
  return {
    kind: "Repository digest",
    value,
    explanation: "recorded by the engine at pull or push; use it in FROM lines",
  };
}

/** The meaning of the ID, which depends on the image's source. */
function meaningOfId({ id, indexDigest, manifestDigest, configDigest }: Image): string {
  if (id === indexDigest) return "here the index digest";
  if (id === manifestDigest) return "here the manifest digest";
  return id === configDigest ? "here the config digest" : "kind of digest unknown";
}

/** The ChainID of the image's root file system. @see image-spec config.md §Layer ChainID */
function rootIdentity({ layers }: Image): readonly Identity[] {
  return some(
    "ChainID of all layers",
    chainIdsOf(layers).at(-1),
    "identifies the file system that containers start from",
  );
}

function some(kind: string, value: string | undefined, explanation: string): readonly Identity[] {
  return value === undefined ? [] : [{ kind, value, explanation }];
}
