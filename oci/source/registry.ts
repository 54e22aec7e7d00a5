import { blobBytes } from "../core/bytes.ts";
import { decodeConfig, type ImageConfig } from "../core/config.ts";
import { parseJson, present } from "../core/decode.ts";
import type { Descriptor } from "../core/descriptor.ts";
import { parseDigest, type ConfigDigest, type Digest, type IndexDigest, type ManifestDigest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import { pairHistory } from "../core/history.ts";
import type { Image, Layer } from "../core/image.ts";
import { decodeManifestDocument, pickManifest, type Manifest } from "../core/manifest.ts";
import { isIndex, mediaKind } from "../core/mediaType.ts";
import type { Platform } from "../core/platform.ts";
import { familiarName, formatReference, parseReference, withDefaultTag, withDigest, type ImageReference } from "../core/reference.ts";
import { noCredentials, type Credentials } from "./credentials.ts";
import { createBlobCache, type BlobCache } from "./registryCache.ts";
import { createRegistryClient, digestOf, type RegistryClient } from "./registryClient.ts";
import { mismatchError, statusError } from "./registryError.ts";
import type { RegistryAnswer } from "./registryHttp.ts";
import { createRegistryHttp } from "./registryHttp.ts";
import { createSharing } from "./sharing.ts";
import type { DigestResolver, ImageReader, ResolvedDigest } from "./source.ts";

/** Registries as a source: what references point to, and images without their layers' content. Pulls nothing. */
export interface RegistrySource extends DigestResolver, ImageReader {}

export interface RegistryOptions {
  /** None where absent: nothing of the user's is read. */
  readonly credentials?: Credentials;
  /** `host` or `host:port` that are spoken to by plain HTTP; those of this machine need no entry. */
  readonly insecureRegistries?: readonly string[];
  /** The image taken from an index where the caller doesn't say; linux on this processor where absent. */
  readonly defaultPlatform?: Platform;
}

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export function createRegistrySource({ credentials = noCredentials, insecureRegistries = [], defaultPlatform = thisMachine() }: RegistryOptions = {}): RegistrySource {
  const client = createRegistryClient({ http: createRegistryHttp(), credentials, insecureRegistries });
  const sharing = createSharing<Result<ResolvedDigest>>();
  const cache = createBlobCache(maxCacheBytes);
  const resolver: DigestResolver = {
    resolve: (reference, signal) => sharing.run(formatReference(withDefaultTag(reference)), (shared) => resolve(client, withDefaultTag(reference), shared), signal),
  };
  return {
    ...resolver,
    async image(text, { platform }, signal) {
      const parsed = parseReference(text);
      if (!parsed.ok) return parsed;
      // A HEAD first: on Docker Hub only a GET counts as a pull, and the digest may be in the cache.
      const root = await resolver.resolve(parsed.value, signal);
      return root.ok ? readImage({ client, cache, text, reference: parsed.value, platform, defaultPlatform }, root.value.digest, signal) : root;
    },
  };
}

// The distribution spec lets registries refuse larger manifests.
const maxManifestBytes = 4 * 1024 * 1024;
// Configs are a few kB; labels and history can grow.
const maxConfigBytes = 8 * 1024 * 1024;
const maxCacheBytes = 32 * 1024 * 1024;

async function resolve(client: RegistryClient, reference: ImageReference, signal: AbortSignal): Promise<Result<ResolvedDigest>> {
  const path = `manifests/${reference.digest ?? reference.tag ?? "latest"}`;
  const head = await client.ask(reference, { method: "HEAD", path, maxBytes: 0 }, signal);
  if (!head.ok) return head;
  const claimed = head.value.status === 200 ? claimOf(head.value) : undefined;
  if (claimed) return checked(reference, claimed.digest, claimed.mediaType);
  // Some registries answer HEAD without the digest, or not at all; the digest is that of the bytes.
  const get = await client.ask(reference, { method: "GET", path, maxBytes: maxManifestBytes }, signal);
  if (!get.ok) return get;
  if (get.value.status !== 200) return failure(statusError(reference, get.value.status));
  const { body, headers } = get.value;
  return checked(reference, digestOf(body, reference.digest), mediaTypeOf(headers.get("content-type") ?? "", body));
}

function claimOf({ headers }: RegistryAnswer): { readonly digest: Digest; readonly mediaType: string } | undefined {
  const digest = parseDigest(headers.get("docker-content-digest") ?? "");
  const mediaType = headers.get("content-type") ?? "";
  return digest && mediaKind(mediaType) ? { digest, mediaType } : undefined;
}

/** A `Content-Type` may be as vague as application/json; then the document says. */
function mediaTypeOf(contentType: string, body: Buffer): string {
  if (mediaKind(contentType)) return contentType;
  const json = parseJson("manifest", body.toString("utf8"));
  const document = json.ok ? decodeManifestDocument("manifest", json.value) : json;
  if (!document.ok) return contentType;
  const { mediaType } = document.value.kind === "index" ? document.value.index : document.value.manifest;
  return mediaType ?? `application/vnd.oci.image.${document.value.kind}.v1+json`;
}

function checked(reference: ImageReference, digest: Digest, mediaType: string): Result<ResolvedDigest> {
  const what = formatReference(reference);
  if (reference.digest !== undefined && digest !== reference.digest) return failure(mismatchError(what, reference.registry));
  const kind = mediaKind(mediaType);
  if (kind === "schema1") return failure({ kind: "unsupported", what, message: `${what} is a schema 1 manifest, whose digest is not stable; push the image again with a current client` });
  if (kind !== "index" && kind !== "manifest") return failure({ kind: "badAnswer", endpoint: reference.registry, message: `${reference.registry} answered something that is no image for ${what}` });
  return success({ digest, mediaType, isIndex: isIndex(mediaType), endpoint: reference.registry });
}

interface Reading {
  readonly client: RegistryClient;
  readonly cache: BlobCache;
  readonly text: string;
  readonly reference: ImageReference;
  readonly platform: Platform | undefined;
  readonly defaultPlatform: Platform;
}

async function readImage(reading: Reading, root: Digest, signal: AbortSignal): Promise<Result<Image>> {
  const found = await findManifest(reading, root, signal);
  if (!found.ok) return found;
  const { manifest } = found.value;
  const config = await fetchJson(reading, { kind: "blobs", digest: manifest.config.digest, maxBytes: maxConfigBytes }, signal);
  const decoded = config.ok ? decodeConfig(`the config of ${reading.text}`, config.value) : config;
  return decoded.ok ? success(toImage(reading, { ...found.value, root }, decoded.value)) : decoded;
}

interface FoundManifest {
  readonly manifest: Manifest;
  readonly manifestDigest: Digest;
}

/** Indexes may hold indexes; tools make one level, and nothing needs many. */
const maxIndexDepth = 4;

async function findManifest(reading: Reading, root: Digest, signal: AbortSignal): Promise<Result<FoundManifest>> {
  let digest = root;
  for (let depth = 0; depth <= maxIndexDepth; depth++) {
    const json = await fetchJson(reading, { kind: "manifests", digest, maxBytes: maxManifestBytes }, signal);
    const document = json.ok ? decodeManifestDocument(`the manifest of ${reading.text}`, json.value) : json;
    if (!document.ok) return document;
    if (document.value.kind === "manifest") return success({ manifest: document.value.manifest, manifestDigest: digest });
    const { index } = document.value;
    const picked = pickManifest(index, reading.platform ?? reading.defaultPlatform);
    // Without a wish any platform is better than none.
    const chosen: Result<Descriptor> = picked.ok || reading.platform || !index.manifests[0] ? picked : success(index.manifests[0]);
    if (!chosen.ok) return chosen;
    digest = chosen.value.digest;
  }
  return failure({ kind: "tooLarge", what: reading.text, message: `${reading.text} is an index of indexes deeper than ${maxIndexDepth}` });
}

interface Part {
  readonly kind: "manifests" | "blobs";
  readonly digest: Digest;
  readonly maxBytes: number;
}

/** Content that is what its digest says, from the cache or the registry. */
async function fetchJson({ client, cache, reference, text }: Reading, { kind, digest, maxBytes }: Part, signal: AbortSignal): Promise<Result<unknown>> {
  const kept = cache.get(digest);
  if (kept) return parseJson(text, kept.toString("utf8"));
  const answer = await client.ask(withDigest(reference, digest), { method: "GET", path: `${kind}/${digest}`, maxBytes }, signal);
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return failure(statusError(withDigest(reference, digest), answer.value.status));
  if (digestOf(answer.value.body, digest) !== digest) return failure(mismatchError(`${text} (${kind}/${digest})`, reference.registry));
  cache.put(digest, answer.value.body);
  return parseJson(text, answer.value.body.toString("utf8"));
}

function toImage({ text, reference }: Reading, { manifest, manifestDigest, root }: FoundManifest & { readonly root: Digest }, config: ImageConfig): Image {
  const { pairing, layers, emptyStepsAfter } = pairHistory(config.history, config.diffIds.length);
  // Blobs and DiffIDs are of the same layers in the same order, or one of the two lists is wrong.
  const blobs = manifest.layers.length === config.diffIds.length ? manifest.layers : [];
  return present({
    reference: text,
    id: manifest.config.digest,
    configDigest: manifest.config.digest as ConfigDigest,
    manifestDigest: manifestDigest as ManifestDigest,
    indexDigest: root === manifestDigest ? undefined : (root as IndexDigest),
    platform: config.platform,
    config,
    tags: reference.tag === undefined ? [] : [`${familiarName(reference)}:${reference.tag}`],
    repoDigests: [`${familiarName(reference)}@${root}`],
    layers: config.diffIds.map((diffId, index): Layer => {
      const blob = blobs[index];
      const { step, emptyStepsBefore = [] } = layers[index] ?? {};
      return present({ index, diffId, digest: blob?.digest, mediaType: blob?.mediaType, blobBytes: blob && blobBytes(blob.size), step, emptyStepsBefore });
    }),
    emptyStepsAfter,
    historyPairing: pairing,
  });
}

/** Names of processors in Node and in images. @see https://go.dev/doc/install/source#environment */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm64: "arm64", arm: "arm", ppc64: "ppc64le", s390x: "s390x", riscv64: "riscv64", loong64: "loong64" };

function thisMachine(): Platform {
  return { os: "linux", architecture: architectures[process.arch] ?? process.arch };
}
