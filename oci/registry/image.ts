import { decodeConfig, type ImageConfig } from "../core/config.ts";
import { parseJson, present } from "../core/decode.ts";
import type { Descriptor } from "../core/descriptor.ts";
import type { ConfigDigest, Digest, IndexDigest, ManifestDigest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import { describeLayers, toLayerBlob } from "../core/imageLayers.ts";
import {
  decodeManifestDocument,
  firstImage,
  pickManifest,
  storedBytes,
  summariseEntry,
  type Index,
  type Manifest,
  type ManifestDocument,
} from "../core/manifest.ts";
import { isImageConfig } from "../core/mediaType.ts";
import type { Platform } from "../core/platform.ts";
import { familiarName, withDigest, type ImageReference } from "../core/reference.ts";
import type { Lru } from "../source/lru.ts";
import { digestOf, resourceOf, type RegistryClient } from "./client.ts";
import { mismatchError, statusError } from "./errors.ts";

/** The source of the manifests and configs of one repository. */
export interface RegistryParts {
  readonly client: RegistryClient;
  /** Manifests and configs by digest; a digest's content never changes. */
  /** By {@link cacheKey}. */
  readonly cache: Lru<string, Buffer>;
  /** The reference, as errors name it. */
  readonly text: string;
  readonly reference: ImageReference;
}

export interface ReadImageOptions extends RegistryParts {
  readonly platform: Platform | undefined;
  /** The platform if `platform` is absent; any image is then better than none. */
  readonly defaultPlatform: Platform;
}

// The distribution spec lets registries refuse larger manifests.
export const maxManifestBytes = 4 * 1024 * 1024;
// The same as in archives: configs are a few kB, but labels and history can grow.
const maxConfigBytes = 16 * 1024 * 1024;
const maxShownType = 100; // The media type may be any text from a registry.

/** Reads the image of a digest: its index if there is one, its manifest and its config, and nothing else. */
export async function readImage(options: ReadImageOptions, root: Digest, signal: AbortSignal): Promise<Result<Image>> {
  const found = await findManifest(options, root, signal);
  if (!found.ok) return found;
  const { manifest } = found.value;
  const { mediaType } = manifest.config;
  if (!isImageConfig(mediaType))
    return failure({
      kind: "unsupported",
      what: options.text,
      message: `${options.text} is not an image but ${(manifest.artifactType ?? mediaType).slice(0, maxShownType)}`,
    });
  const json = await fetchPart(
    options,
    { kind: "blobs", digest: manifest.config.digest, maxBytes: maxConfigBytes },
    signal,
  );
  const config = json.ok ? decodeConfig(`the config of ${options.text}`, json.value.json) : json;
  return config.ok ? success(toImage(options, { ...found.value, root }, config.value)) : config;
}

/** Reads a manifest or index of the repository, whichever it is. */
export async function readDocument(
  parts: RegistryParts,
  digest: Digest,
  signal: AbortSignal,
): Promise<Result<ReadDocument>> {
  const part = await fetchPart(parts, { kind: "manifests", digest, maxBytes: maxManifestBytes }, signal);
  if (!part.ok) return part;
  const document = decodeManifestDocument(`the manifest of ${parts.text}`, part.value.json);
  return document.ok ? success({ ...document.value, bytes: part.value.bytes }) : document;
}

export type ReadDocument = ManifestDocument & { readonly bytes: number };

interface FoundManifest {
  readonly manifest: Manifest;
  readonly manifestDigest: Digest;
  readonly manifests: readonly ManifestSummary[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** OCI manifests may omit their own media type; Docker's may not. */
const ociManifest = "application/vnd.oci.image.manifest.v1+json";

/** The depth of nested indexes; tools make one level. */
const maxIndexDepth = 4;

async function findManifest(
  options: ReadImageOptions,
  root: Digest,
  signal: AbortSignal,
): Promise<Result<FoundManifest>> {
  let next: Pick<Descriptor, "digest" | "annotations"> = { digest: root, annotations: {} };
  let manifests: readonly ManifestSummary[] = [{ digest: root, mediaType: "", kind: "image", annotations: {} }];
  let annotations: Readonly<Record<string, string>> = {};
  for (let depth = 0; depth <= maxIndexDepth; depth++) {
    const { digest } = next;
    const document = await readDocument(options, digest, signal);
    if (!document.ok) return document;
    annotations = { ...annotations, ...next.annotations };
    if (document.value.kind === "manifest") {
      const { manifest, bytes } = document.value;
      const read = (summary: ManifestSummary): ManifestSummary => ({
        ...summary,
        mediaType: manifest.mediaType ?? (summary.mediaType || ociManifest),
        kind: "image",
        blobBytes: storedBytes(bytes, manifest),
      });
      return success({
        manifest,
        manifestDigest: digest,
        manifests: replace(manifests, digest, (summary) => [read(summary)]),
        annotations: { ...annotations, ...manifest.annotations },
      });
    }
    const { index } = document.value;
    annotations = { ...annotations, ...index.annotations };
    // Nested indexes would take a request each.
    manifests = replace(manifests, digest, () => index.entries.map(summariseEntry));
    const chosen = choose(options, index);
    if (!chosen.ok) return chosen;
    next = chosen.value;
  }
  return failure({
    kind: "tooLarge",
    what: options.text,
    message: `${options.text} is an index of indexes deeper than ${maxIndexDepth}`,
  });
}

function choose({ platform, defaultPlatform }: ReadImageOptions, index: Index): Result<Descriptor> {
  const picked = pickManifest(index, platform ?? defaultPlatform);
  const first = platform ? undefined : firstImage(index);
  return picked.ok || !first ? picked : success(first);
}

function replace(
  manifests: readonly ManifestSummary[],
  digest: Digest,
  change: (summary: ManifestSummary) => readonly ManifestSummary[],
): readonly ManifestSummary[] {
  return manifests.flatMap((summary) => (summary.digest === digest ? change(summary) : [summary]));
}

interface Part {
  readonly kind: "manifests" | "blobs";
  readonly digest: Digest;
  readonly maxBytes: number;
}

/** Fetches bytes from the registry and checks them against their digest. */
async function fetchBytes(
  { client, reference, text }: RegistryParts,
  { kind, digest, maxBytes }: Part,
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  const wanted = resourceOf(withDigest(reference, digest));
  const answer = await client.ask(wanted, { method: "GET", path: `${kind}/${digest}`, maxBytes }, signal);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status !== 200) return failure(statusError(wanted, status));
  return digestOf(body, digest) === digest
    ? success(body)
    : failure(mismatchError(`${text} (${kind}/${digest})`, reference.registry));
}

/** The key of cached content: that one repository has it doesn't mean that another has. */
export function cacheKey({ registry, repository }: ImageReference, digest: Digest): string {
  return `${registry}/${repository}@${digest}`;
}

/** Reads JSON by its digest, from the cache or the registry. */
async function fetchPart(
  parts: RegistryParts,
  part: Part,
  signal: AbortSignal,
): Promise<Result<{ readonly json: unknown; readonly bytes: number }>> {
  const { cache, text, reference } = parts;
  const key = cacheKey(reference, part.digest);
  const kept = cache.get(key);
  const content = kept ? success(kept) : await fetchBytes(parts, part, signal);
  if (!content.ok) return content;
  if (!kept) cache.set(key, content.value);
  const json = parseJson(text, content.value.toString("utf8"));
  if (json.ok) return success({ json: json.value, bytes: content.value.length });
  const message = `${reference.registry} sent an unexpected response for ${text}: ${json.error.message}`;
  return failure({ ...json.error, message });
}

function toImage(
  { text, reference }: RegistryParts,
  { manifest, manifestDigest, manifests, annotations, root }: FoundManifest & { readonly root: Digest },
  config: ImageConfig,
): Image {
  return present({
    reference: text,
    id: manifest.config.digest,
    configDigest: manifest.config.digest as ConfigDigest,
    manifestDigest: manifestDigest as ManifestDigest,
    indexDigest: root === manifestDigest ? undefined : (root as IndexDigest),
    platform: config.platform,
    config,
    // The tag wasn't checked if a digest was given.
    tags:
      reference.tag === undefined || reference.digest !== undefined
        ? []
        : [`${familiarName(reference)}:${reference.tag}`],
    repoDigests: [`${familiarName(reference)}@${root}`],
    ...describeLayers(config, manifest.layers.map(toLayerBlob)),
    annotations,
    manifests: replace(manifests, manifestDigest, (summary) => [{ platform: config.platform, ...summary }]),
  });
}
