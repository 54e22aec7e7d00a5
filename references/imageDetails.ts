import type { Digest } from "../oci/core/digest.ts";
import type { Image } from "../oci/core/image.ts";
import { formatReference, type ImageReference } from "../oci/core/reference.ts";
import type { Result } from "../oci/core/error.ts";
import { ownEntry } from "../oci/core/ownEntry.ts";
import { createdMsOf, type PinLookup } from "./pinState.ts";
import { platformName } from "./platforms.ts";

/** The details of an image, for people who want to know what a reference stands for. */
export interface ImageDetails {
  /** The digest of the tag: an index, or the manifest of a single platform. */
  readonly digest?: Digest;
  /** Every platform it is available for, as in `linux/amd64`. */
  readonly platforms: readonly string[];
  /** The platform that the following members describe. */
  readonly platform: string;
  /** The stored size of all layers; absent if a layer's is unknown. */
  readonly downloadBytes?: number;
  readonly createdMs?: number;
  /** Empty for root. */
  readonly user: string;
  /** The image it was built on, according to its own annotation. */
  readonly base?: string;
  readonly hasAttestations: boolean;
}

/** Reads the details of an image on one platform. Contacts the registry. */
export async function readDetails(
  reference: ImageReference,
  { images, platform }: Pick<PinLookup, "images" | "platform">,
  signal: AbortSignal,
): Promise<Result<ImageDetails>> {
  const image = await images.image(formatReference(reference), { platform }, signal);
  return image.ok ? { ...image, value: detailsOf(image.value) } : image;
}

function detailsOf(image: Image): ImageDetails {
  const { manifests = [], annotations = {}, layers, config } = image;
  const sizes = layers.map(({ blobBytes }) => blobBytes);
  const known = sizes.filter((size) => size !== undefined);
  const digest = image.indexDigest ?? image.manifestDigest;
  const createdMs = createdMsOf(image);
  const base = ownEntry(annotations, "org.opencontainers.image.base.name");
  return {
    ...(digest && { digest }),
    platforms: [
      ...new Set(
        manifests.flatMap(({ kind, platform }) => (kind === "image" && platform ? [platformName(platform)] : [])),
      ),
    ],
    platform: platformName(image.platform),
    ...(known.length === sizes.length && { downloadBytes: known.reduce((sum, size) => sum + Number(size), 0) }),
    ...(createdMs !== undefined && { createdMs }),
    user: config.user,
    ...(base !== undefined && { base }),
    hasAttestations: manifests.some(({ kind }) => kind === "attestation"),
  };
}
