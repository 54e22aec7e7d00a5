import { blobBytes, type BlobBytes } from "./bytes.ts";
import { maxLayers } from "./config.ts";
import { decode, isAbsent, items, member, optionalText, present, textMap, type Json } from "./decode.ts";
import { readDescriptor, type Descriptor } from "./descriptor.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { failure, success, type Result } from "./error.ts";
import type { ManifestSummary } from "./image.ts";
import { isConfig, isIndex, isManifest, mediaKind } from "./mediaType.ts";
import {
  formatPlatform,
  matchesPlatform,
  runsOn,
  variantNumber,
  normalisePlatform,
  type Platform,
} from "./platform.ts";

/** An image index; Docker's manifest list has the same form. @see image-spec image-index.md */
export interface Index {
  readonly mediaType?: string;
  /** In index order. */
  readonly entries: readonly IndexEntry[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface IndexEntry {
  readonly descriptor: Descriptor;
  /**
   * The kind as far as the descriptor shows it: the image of a platform, a nested index, an attestation about another
   * manifest (buildkit docs/attestations/attestation-storage.md), or none of these.
   */
  readonly kind: "image" | "index" | "attestation" | "unknown";
  /** The image manifest that an attestation is about, if specified. */
  readonly subject?: Digest;
}

/** An image manifest; Docker's schema 2 has the same form. @see image-spec manifest.md */
export interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  /** Base first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

export type ManifestDocument =
  { readonly kind: "index"; readonly index: Index } | { readonly kind: "manifest"; readonly manifest: Manifest };

/**
 * Decodes an index or a manifest, distinguished by content. A document that could be both is refused (CVE-2021-41190).
 */
export function decodeManifestDocument(what: string, value: unknown): Result<ManifestDocument> {
  const shape = decode(what, "manifest", value, (json) => ({
    hasManifests: !isAbsent(member(json, "manifests")),
    hasImage: !isAbsent(member(json, "config")) || !isAbsent(member(json, "layers")),
    isSchema1: !isAbsent(member(json, "fsLayers")) || member(json, "schemaVersion").value === 1,
    mediaType: optionalText(member(json, "mediaType")) ?? "",
  }));
  if (!shape.ok) return shape;
  const { hasManifests, hasImage, isSchema1, mediaType } = shape.value;
  if (hasManifests && hasImage)
    return failure({ kind: "badArchive", what, message: "a manifest may not have both `manifests` and `layers`" });
  if (isSchema1 || mediaKind(mediaType) === "schema1") {
    return failure({
      kind: "unsupported",
      what,
      message: "a schema 1 manifest, which registries stopped using; push the image again with a current client",
    });
  }
  // Docker 25.0.0 wrote `"manifests": null`, so the media type counts too.
  if (hasManifests || (isIndex(mediaType) && !hasImage))
    return map(decodeIndex(what, value), (index) => ({ kind: "index", index }));
  if (hasImage || isManifest(mediaType))
    return map(decodeManifest(what, value), (manifest) => ({ kind: "manifest", manifest }));
  return failure({
    kind: "badArchive",
    what,
    message: "neither an index (`manifests`) nor a manifest (`config`, `layers`)",
  });
}

export function decodeIndex(what: string, value: unknown): Result<Index> {
  return decode(what, "index", value, (json) => {
    return present({
      mediaType: optionalText(member(json, "mediaType")),
      entries: items(member(json, "manifests")).map((entry) => toEntry(readDescriptor(entry))),
      annotations: textMap(member(json, "annotations")),
    });
  });
}

function decodeManifest(what: string, value: unknown): Result<Manifest> {
  return decode(what, "manifest", value, readManifest);
}

/**
 * Picks the manifest that runs on `platform`, images first: the same platform, then its newest older variant. If none
 * does, the `notFound` error lists the available platforms.
 */
export function pickManifest(index: Index, platform: Platform): Result<Descriptor> {
  const candidates = index.entries.filter(({ kind }) => kind !== "attestation");
  // Artifacts may have a platform as well.
  const best =
    bestOf(
      candidates.filter(({ kind }) => kind !== "unknown"),
      platform,
    ) ?? bestOf(candidates, platform);
  if (best) return success(best);
  const there = candidates.length === 0 ? "the index is empty" : `the index has ${offered(candidates)}`;
  return failure({
    kind: "notFound",
    what: formatPlatform(platform),
    message: `no image for ${formatPlatform(platform)}: ${there}`,
  });
}

function bestOf(entries: readonly IndexEntry[], platform: Platform): Descriptor | undefined {
  const fitting = entries.flatMap(({ descriptor }) =>
    descriptor.platform && runsOn(platform, descriptor.platform) ? [descriptor] : [],
  );
  const exact = fitting.find((descriptor) => descriptor.platform && matchesPlatform(platform, descriptor.platform));
  return exact ?? fitting.sort((a, b) => variantOf(b) - variantOf(a))[0];
}

/** The first image of the index, if the platform doesn't matter. */
export function firstImage(index: Index): Descriptor | undefined {
  return index.entries.find(({ kind }) => kind === "image" || kind === "index")?.descriptor;
}

/** The bytes that a source stores for a manifest: itself (`size` bytes), its config and its layers, each blob once. */
export function storedBytes(size: number, { config, layers }: Manifest): BlobBytes {
  const blobs = new Map([config, ...layers].map((blob): [string, number] => [blob.digest, blob.size]));
  return blobBytes([...blobs.values()].reduce((sum, bytes) => sum + bytes, size));
}

/** Summarises a manifest from its index entry alone. */
export function summariseEntry({ descriptor, kind, subject }: IndexEntry): ManifestSummary {
  const { digest, mediaType, platform, annotations } = descriptor;
  const fields = present({ digest, mediaType, subject, annotations });
  // BuildKit gives attestations a placeholder platform.
  if (kind === "attestation") return { ...fields, kind };
  return { ...fields, kind: kind === "image" ? kind : "unknown", ...(platform && { platform }) };
}

function readManifest(json: Json): Manifest {
  return present({
    mediaType: optionalText(member(json, "mediaType")),
    artifactType: optionalText(member(json, "artifactType")),
    config: readDescriptor(member(json, "config")),
    // Docker 25.0.0 saved manifests without layers (moby #47065); the config's diff_ids reveal the missing ones.
    layers: items(member(json, "layers"), maxLayers).map(readDescriptor),
    annotations: textMap(member(json, "annotations")),
  });
}

const attestationArtifactType = "application/vnd.docker.attestation.manifest.v1+json";

/** True for an attestation. Copying tools drop annotations, so BuildKit's placeholder platform counts as well. */
function isAttestation({ annotations, artifactType, platform }: Descriptor): boolean {
  const isNoPlatform = platform?.os === "unknown" && platform.architecture === "unknown";
  return (
    annotations["vnd.docker.reference.type"] === "attestation-manifest" ||
    artifactType === attestationArtifactType ||
    isNoPlatform
  );
}

function toEntry(descriptor: Descriptor): IndexEntry {
  if (isAttestation(descriptor)) {
    const subject = parseDigest(descriptor.annotations["vnd.docker.reference.digest"] ?? "");
    return { descriptor, kind: "attestation", ...(subject && { subject }) };
  }
  const { mediaType, artifactType = "" } = descriptor;
  if (isIndex(mediaType)) return { descriptor, kind: "index" };
  // Old tools leave the media type out. The artifact type of an image is its config's media type (image-spec 1.1,
  // descriptor.md).
  const isImage = (mediaType === "" || isManifest(mediaType)) && (artifactType === "" || isConfig(artifactType));
  return { descriptor, kind: isImage ? "image" : "unknown" };
}

const maxOffered = 20; // Limits the length of the message; indexes of release images have about a dozen.

function offered(candidates: readonly IndexEntry[]): string {
  const names = candidates
    .slice(0, maxOffered)
    .map(({ descriptor: { platform } }) => (platform ? formatPlatform(platform) : "no platform"));
  return [...names, ...(candidates.length > maxOffered ? [`${candidates.length - maxOffered} more`] : [])].join(", ");
}

function variantOf({ platform }: Descriptor): number {
  return platform ? variantNumber(normalisePlatform(platform)) : 0;
}

function map<T, U>(result: Result<T>, convert: (value: T) => U): Result<U> {
  return result.ok ? success(convert(result.value)) : result;
}
