import { decode, isAbsent, items, member, optionalText, present, textMap, type Json } from "./decode.ts";
import { readDescriptor, type Descriptor } from "./descriptor.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { failure, success, type Result } from "./error.ts";
import { isIndex, isManifest, mediaKind } from "./mediaType.ts";
import { formatPlatform, matchesPlatform, runsOn, variantNumber, normalisePlatform, type Platform } from "./platform.ts";

/** @see image-spec image-index.md; Docker's manifest list is the same. */
export interface Index {
  readonly mediaType?: string;
  /** Images and nested indexes, in the index's order; attestations are apart. */
  readonly manifests: readonly Descriptor[];
  readonly attestations: readonly Attestation[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest that says something about another one. @see buildkit docs/attestations/attestation-storage.md */
export interface Attestation {
  readonly descriptor: Descriptor;
  /** The image manifest it is about, where it says so. */
  readonly subject?: Digest;
}

/** @see image-spec manifest.md; Docker's schema 2 is the same. */
export interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  /** Base first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

export type ManifestDocument = { readonly kind: "index"; readonly index: Index } | { readonly kind: "manifest"; readonly manifest: Manifest };

/** Decodes an index or a manifest, told apart by what is in it; a document that could be both is refused (CVE-2021-41190). */
export function decodeManifestDocument(what: string, value: unknown): Result<ManifestDocument> {
  const shape = decode(what, "manifest", value, (json) => ({
    hasManifests: !isAbsent(member(json, "manifests")),
    hasImage: !isAbsent(member(json, "config")) || !isAbsent(member(json, "layers")),
    isSchema1: !isAbsent(member(json, "fsLayers")) || member(json, "schemaVersion").value === 1,
    mediaType: optionalText(member(json, "mediaType")) ?? "",
  }));
  if (!shape.ok) return shape;
  const { hasManifests, hasImage, isSchema1, mediaType } = shape.value;
  if (hasManifests && hasImage) return failure({ kind: "badArchive", what, message: "a manifest may not have both `manifests` and `layers`" });
  if (isSchema1 || mediaKind(mediaType) === "schema1") {
    return failure({ kind: "unsupported", what, message: "a schema 1 manifest, which registries stopped using; push the image again with a current client" });
  }
  // Docker 25.0.0 wrote `"manifests": null`, so the media type counts too.
  if (hasManifests || (isIndex(mediaType) && !hasImage)) return map(decodeIndex(what, value), (index) => ({ kind: "index", index }));
  if (hasImage || isManifest(mediaType)) return map(decodeManifest(what, value), (manifest) => ({ kind: "manifest", manifest }));
  return failure({ kind: "badArchive", what, message: "neither an index (`manifests`) nor a manifest (`config`, `layers`)" });
}

export function decodeIndex(what: string, value: unknown): Result<Index> {
  return decode(what, "index", value, (json) => {
    const all = items(member(json, "manifests")).map(readDescriptor);
    return present({
      mediaType: optionalText(member(json, "mediaType")),
      manifests: all.filter((descriptor) => !isAttestation(descriptor)),
      attestations: all.filter(isAttestation).map(toAttestation),
      annotations: textMap(member(json, "annotations")),
    });
  });
}

export function decodeManifest(what: string, value: unknown): Result<Manifest> {
  return decode(what, "manifest", value, readManifest);
}

/** The manifest that runs on `platform`: the same platform first, then its newest older variant. Where none does, the `notFound` error lists what there is. */
export function pickManifest(index: Index, platform: Platform): Result<Descriptor> {
  const fitting = index.manifests.filter((descriptor) => descriptor.platform && runsOn(platform, descriptor.platform));
  const exact = fitting.find((descriptor) => descriptor.platform && matchesPlatform(platform, descriptor.platform));
  const best = exact ?? [...fitting].sort((a, b) => variantOf(b) - variantOf(a))[0];
  if (best) return success(best);
  const offered = index.manifests.map((descriptor) => (descriptor.platform ? formatPlatform(descriptor.platform) : "no platform"));
  const there = offered.length === 0 ? "the index is empty" : `there is ${offered.join(", ")}`;
  return failure({ kind: "notFound", what: formatPlatform(platform), message: `no image for ${formatPlatform(platform)}: ${there}` });
}

function readManifest(json: Json): Manifest {
  return present({
    mediaType: optionalText(member(json, "mediaType")),
    artifactType: optionalText(member(json, "artifactType")),
    config: readDescriptor(member(json, "config")),
    // Docker 25.0.0 saved manifests without layers (moby #47065); the config's diff_ids show what is missing.
    layers: items(member(json, "layers")).map(readDescriptor),
    annotations: textMap(member(json, "annotations")),
  });
}

const attestationArtifactType = "application/vnd.docker.attestation.manifest.v1+json";

/** Copying tools drop annotations, so the platform that BuildKit gives to attestations counts as well. */
function isAttestation({ annotations, artifactType, platform }: Descriptor): boolean {
  const isNoPlatform = platform?.os === "unknown" && platform.architecture === "unknown";
  return annotations["vnd.docker.reference.type"] === "attestation-manifest" || artifactType === attestationArtifactType || isNoPlatform;
}

function toAttestation(descriptor: Descriptor): Attestation {
  return present({ descriptor, subject: parseDigest(descriptor.annotations["vnd.docker.reference.digest"] ?? "") });
}

function variantOf({ platform }: Descriptor): number {
  return platform ? variantNumber(normalisePlatform(platform)) : 0;
}

function map<T, U>(result: Result<T>, convert: (value: T) => U): Result<U> {
  return result.ok ? success(convert(result.value)) : result;
}
