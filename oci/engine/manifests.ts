import { blobBytes } from "../core/bytes.ts";
import { isAbsent, items, member, optionalFlag, optionalText, present, type Json } from "../core/decode.ts";
import { readDescriptor } from "../core/descriptor.ts";
import { parseDigest, type ManifestDigest } from "../core/digest.ts";
import { formatPlatform, matchesPlatform, readPlatform, type Platform } from "../core/platform.ts";
import type { ManifestSummary } from "../core/image.ts";
import { optionalCount } from "./numbers.ts";

/**
 * Reads `Manifests`, which `manifests=1` requests; undefined if the engine's store doesn't support several platforms.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageInspect
 */
export function readManifests(json: Json): readonly ManifestSummary[] | undefined {
  const manifests = items(json).map(readManifest);
  return manifests.length === 0 ? undefined : manifests;
}

/** The image of a platform; undefined if there is none, or several that can't be distinguished. */
export function manifestFor(platform: Platform, manifests: readonly ManifestSummary[]): ManifestSummary | undefined {
  const fitting = manifests.filter(
    (manifest) =>
      manifest.kind === "image" && manifest.platform !== undefined && matchesPlatform(platform, manifest.platform),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Images whose content the engine has, as far as it reports it. */
export function availableImages(manifests: readonly ManifestSummary[]): readonly ManifestSummary[] {
  return manifests.filter(({ kind, isAvailable }) => kind === "image" && isAvailable !== false);
}

/** The known platforms, for a message: `linux/amd64, linux/arm64`. */
export function platformNames(manifests: readonly ManifestSummary[]): string {
  return manifests.flatMap(({ platform }) => (platform === undefined ? [] : formatPlatform(platform))).join(", ");
}

function readManifest(json: Json): ManifestSummary {
  const descriptor = readDescriptor(member(json, "Descriptor"));
  const data = member(json, "ImageData");
  const subject =
    optionalText(member(member(json, "AttestationData"), "For")) ??
    descriptor.annotations["vnd.docker.reference.digest"];
  const content = optionalCount(member(member(json, "Size"), "Content"));
  return present({
    digest: descriptor.digest as ManifestDigest,
    mediaType: descriptor.mediaType,
    kind: kindOf(optionalText(member(json, "Kind"))),
    platform: readImagePlatform(member(data, "Platform")) ?? knownPlatform(descriptor.platform),
    subject: parseDigest(subject ?? "") as ManifestDigest | undefined,
    annotations: descriptor.annotations,
    isAvailable: optionalFlag(member(json, "Available")),
    blobBytes: content === undefined ? undefined : blobBytes(content),
    // 0 if it isn't unpacked; its size is then unknown.
    unpackedBytes: optionalCount(member(member(data, "Size"), "Unpacked")) || undefined,
    // Go writes null for no containers.
    containers: isAbsent(data) ? undefined : items(member(data, "Containers")).length,
  });
}

function kindOf(kind: string | undefined): ManifestSummary["kind"] {
  return kind === "image" || kind === "attestation" ? kind : "unknown";
}

function readImagePlatform(json: Json): Platform | undefined {
  return isAbsent(json) ? undefined : knownPlatform(readPlatform(json));
}

/**
 * The platform if known. BuildKit writes `unknown/unknown` for other manifests; an engine without the config leaves it
 * out.
 */
function knownPlatform(platform: Platform | undefined): Platform | undefined {
  return platform === undefined || ["", "unknown"].includes(platform.os) ? undefined : platform;
}
