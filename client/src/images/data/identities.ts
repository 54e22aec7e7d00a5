import type { Image, Layer } from "../../../../oci/core/image.ts";
import { chainIdsOf } from "../../../../oci/layers/chainIds.ts";
import { l10n } from "../../ui/l10n.ts";

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
      l10n.t("Index digest"),
      image.indexDigest,
      l10n.t("identifies all platforms of the image; a multi-platform tag points to it"),
    ),
    ...some(
      l10n.t("Manifest digest"),
      image.manifestDigest,
      l10n.t("identifies the image of one platform as stored and downloaded"),
    ),
    ...some(
      l10n.t("Config digest"),
      image.configDigest,
      l10n.t("identifies the configuration, which lists the layers' DiffIDs"),
    ),
    {
      kind: l10n.t("Image ID"),
      value: image.id,
      explanation: l10n.t("the ID in this source: {0}", meaningOfId(image)),
    },
    ...rootIdentity(image),
  ];
}

export function layerIdentities({ digest, diffId }: Layer): readonly Identity[] {
  return [
    ...some(
      l10n.t("Layer digest"),
      digest,
      l10n.t("identifies the layer as stored and downloaded, usually compressed"),
    ),
    { kind: "DiffID", value: diffId, explanation: l10n.t("identifies the layer's uncompressed tar") },
  ];
}

function repositoryDigest(value: string): Identity {
  return {
    kind: l10n.t("Repository digest"),
    value,
    explanation: l10n.t("recorded by the engine at pull or push; use it in FROM lines"),
  };
}

/** The meaning of the ID, which depends on the image's source. */
function meaningOfId({ id, indexDigest, manifestDigest, configDigest }: Image): string {
  if (id === indexDigest) return l10n.t("here the index digest");
  if (id === manifestDigest) return l10n.t("here the manifest digest");
  return id === configDigest ? l10n.t("here the config digest") : l10n.t("kind of digest unknown");
}

/** The ChainID of the image's root file system. @see image-spec config.md §Layer ChainID */
function rootIdentity({ layers }: Image): readonly Identity[] {
  return some(
    l10n.t("ChainID of all layers"),
    chainIdsOf(layers).at(-1),
    l10n.t("identifies the file system that containers start from"),
  );
}

function some(kind: string, value: string | undefined, explanation: string): readonly Identity[] {
  return value === undefined ? [] : [{ kind, value, explanation }];
}
