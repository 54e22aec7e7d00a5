import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";

/** One thing that names an image or a layer exactly, and what kind of name it is. */
export interface Identity {
  readonly kind: string;
  readonly value: string;
  readonly explanation: string;
}

/** Everything that identifies an image, most useful first; only what is known. */
export function imageIdentities(image: Image): readonly Identity[] {
  return [
    ...image.repoDigests.map((value): Identity => ({ kind: "Repository digest", value, explanation: "what the engine recorded at pull or push; for FROM lines" })),
    ...some("Index digest", image.indexDigest, "all platforms of the image"),
    ...some("Manifest digest", image.manifestDigest, "the image of one platform"),
    ...some("Config digest", image.configDigest, "the configuration; in the classic store also the image ID"),
    { kind: "Image ID", value: image.id, explanation: "what this source calls it" },
  ];
}

/** What the list alone tells. */
export function summaryIdentities({ id, repoDigests }: ImageSummary): readonly Identity[] {
  return [
    ...repoDigests.map((value): Identity => ({ kind: "Repository digest", value, explanation: "what the engine recorded at pull or push; for FROM lines" })),
    { kind: "Image ID", value: id, explanation: "what this source calls it" },
  ];
}

export function layerIdentities({ digest, diffId }: Layer): readonly Identity[] {
  return [
    ...some("Digest", digest, "the layer as stored and downloaded, usually compressed"),
    { kind: "DiffID", value: diffId, explanation: "the layer's uncompressed tar" },
  ];
}

function some(kind: string, value: string | undefined, explanation: string): readonly Identity[] {
  return value === undefined ? [] : [{ kind, value, explanation }];
}
