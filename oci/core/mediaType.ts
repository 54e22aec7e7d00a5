export type MediaKind = "index" | "manifest" | "config" | "layer" | "attestation" | "schema1";

interface MediaType {
  readonly name: string;
  readonly kind: MediaKind;
  readonly origin: "oci" | "docker" | "in-toto";
}

/**
 * Sources: image-spec media-types.md; distribution docs manifest-v2-2.md; buildkit attestation-storage.md. A layer's
 * compression is detected from its first bytes, not its media type.
 */
const mediaTypes: readonly MediaType[] = [
  { name: "application/vnd.oci.image.index.v1+json", kind: "index", origin: "oci" },
  { name: "application/vnd.docker.distribution.manifest.list.v2+json", kind: "index", origin: "docker" },
  { name: "application/vnd.oci.image.manifest.v1+json", kind: "manifest", origin: "oci" },
  { name: "application/vnd.docker.distribution.manifest.v2+json", kind: "manifest", origin: "docker" },
  { name: "application/vnd.docker.distribution.manifest.v1+json", kind: "schema1", origin: "docker" },
  { name: "application/vnd.docker.distribution.manifest.v1+prettyjws", kind: "schema1", origin: "docker" },
  { name: "application/vnd.oci.image.config.v1+json", kind: "config", origin: "oci" },
  { name: "application/vnd.docker.container.image.v1+json", kind: "config", origin: "docker" },
  { name: "application/vnd.oci.image.layer.v1.tar", kind: "layer", origin: "oci" },
  { name: "application/vnd.oci.image.layer.v1.tar+gzip", kind: "layer", origin: "oci" },
  { name: "application/vnd.oci.image.layer.v1.tar+zstd", kind: "layer", origin: "oci" },
  { name: "application/vnd.oci.image.layer.nondistributable.v1.tar", kind: "layer", origin: "oci" },
  { name: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", kind: "layer", origin: "oci" },
  { name: "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", kind: "layer", origin: "oci" },
  { name: "application/vnd.docker.image.rootfs.diff.tar", kind: "layer", origin: "docker" },
  { name: "application/vnd.docker.image.rootfs.diff.tar.gzip", kind: "layer", origin: "docker" },
  { name: "application/vnd.docker.image.rootfs.diff.tar.zstd", kind: "layer", origin: "docker" },
  { name: "application/vnd.docker.image.rootfs.foreign.diff.tar", kind: "layer", origin: "docker" },
  { name: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", kind: "layer", origin: "docker" },
  { name: "application/vnd.in-toto+json", kind: "attestation", origin: "in-toto" },
];

/** The Accept header for resolving a tag: every kind of index and manifest, so that registries don't convert any. */
export const manifestAccept: string = mediaTypes
  .filter(({ kind }) => kind === "index" || kind === "manifest")
  .map(({ name }) => name)
  .join(", ");

/** The kind of a media type, ignoring its parameters (`; charset=…`); undefined if it isn't used by images. */
export function mediaKind(mediaType: string): MediaKind | undefined {
  const bare = bareName(mediaType);
  const plain = bare.endsWith(encryptedSuffix) ? bare.slice(0, -encryptedSuffix.length) : bare;
  return mediaTypes.find(({ name }) => name === plain)?.kind;
}

export function isIndex(mediaType: string): boolean {
  return mediaKind(mediaType) === "index";
}

export function isManifest(mediaType: string): boolean {
  return mediaKind(mediaType) === "manifest";
}

export function isLayer(mediaType: string): boolean {
  return mediaKind(mediaType) === "layer";
}

export function isConfig(mediaType: string): boolean {
  return mediaKind(mediaType) === "config";
}

/**
 * True if a manifest with a config of this type is an image's. Old clients and registries left the type out or wrote
 * another one.
 * @see moby distribution/pull_v2.go (ImageTypes), github.com/distribution/distribution/issues/1622
 */
export function isImageConfig(mediaType: string): boolean {
  return isConfig(mediaType) || ["", "application/octet-stream", "text/html"].includes(bareName(mediaType));
}

/** True if the layer is encrypted and so can't be read. @see github.com/containers/ocicrypt */
export function isEncrypted(mediaType: string): boolean {
  return bareName(mediaType).endsWith(encryptedSuffix);
}

/**
 * True if the layer may be missing from registries because only others may distribute it.
 * @see image-spec layer.md §Non-Distributable Layers
 */
export function isForeign(mediaType: string): boolean {
  return isLayer(mediaType) && /\.(nondistributable|foreign)\./.test(bareName(mediaType));
}

const encryptedSuffix = "+encrypted";

function bareName(mediaType: string): string {
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
