import { parseJson } from "../core/decode.ts";
import { parseDigest, type Digest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import { decodeManifestDocument } from "../core/manifest.ts";
import { isIndex, mediaKind } from "../core/mediaType.ts";
import type { Platform } from "../core/platform.ts";
import { formatReference, parseReference, withDefaultTag, type ImageReference } from "../core/reference.ts";
import { noCredentials, type Credentials } from "../credentials/credentials.ts";
import { readAttestations, readStatement } from "./attestations.ts";
import { noCertificates, type RegistryCertificates } from "./certificates.ts";
import { createRegistryClient, digestOf, resourceOf } from "./client.ts";
import { readContent } from "./content.ts";
import { mismatchError, statusError } from "./errors.ts";
import { createRegistryHttp, type RegistryAnswer, type RegistryHttpOptions } from "./http.ts";
import { cacheKey, maxManifestBytes, readImage, type RegistryParts } from "./image.ts";
import { listRepositories, listTags } from "./lists.ts";
import { readTarBytes } from "./tarBytes.ts";
import { createLru } from "../source/lru.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import type {
  AttestationReader,
  DigestContent,
  DigestResolver,
  ImageReader,
  RegistryLister,
  ResolvedDigest,
  TarBytesReader,
} from "../source/source.ts";

/** Registries as a source: digests of references, and images without their layers' content. Never pulls. */
export interface RegistrySource
  extends DigestResolver, ImageReader, AttestationReader, RegistryLister, TarBytesReader {}

export interface RegistryOptions extends Pick<
  RegistryHttpOptions,
  "retryDelaysMs" | "maxWaitMs" | "timeoutMs" | "transport"
> {
  /** No logins if absent: the user's files aren't read. */
  readonly credentials?: Credentials;
  /** Only the system's certificates if absent. */
  readonly certificates?: RegistryCertificates;
  /** `host` or `host:port` whose certificate isn't checked and that may be contacted over plain HTTP. */
  readonly insecureRegistries?: readonly string[];
  /** The image chosen from an index if the caller doesn't specify one. Defaults to linux on this processor. */
  readonly defaultPlatform?: Platform;
}

/** Creates a source of registries. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export function createRegistrySource({
  credentials = noCredentials,
  certificates = noCertificates,
  insecureRegistries = [],
  defaultPlatform = thisMachine(),
  ...http
}: RegistryOptions = {}): RegistrySource {
  const client = createRegistryClient({
    http: createRegistryHttp(http),
    credentials,
    certificates,
    insecureRegistries,
  });
  const access: RegistryAccess = { client, cache: createLru(maxCacheBytes, ({ length }) => length) };
  const resolver = createResolver(access, defaultPlatform);
  return {
    ...resolver,
    async image(text, { platform }, signal) {
      const parts = partsOf(access, text);
      if (!parts.ok) return parts;
      const root = await rootDigest(parts.value.reference, resolver, signal);
      return root.ok ? readImage({ ...parts.value, platform, defaultPlatform }, root.value, signal) : root;
    },
    async attestations(image, signal) {
      const parts = partsOf(access, image.reference);
      return parts.ok ? success(await readAttestations(parts.value, image, signal)) : parts;
    },
    async statement(image, statement, signal) {
      const parts = partsOf(access, image.reference);
      return parts.ok ? readStatement(parts.value, statement, signal) : parts;
    },
    async tarBytes(image, signal) {
      const parts = partsOf(access, image.reference);
      return parts.ok ? readTarBytes(parts.value, image, signal) : parts;
    },
    tags: (reference, signal) => listTags(client, reference, signal),
    repositories: (registry, signal) => listRepositories(client, registry, signal),
  };
}

type RegistryAccess = Pick<RegistryParts, "client" | "cache">;

/** Resolves references; concurrent callers for the same one share a request. */
function createResolver(access: RegistryAccess, defaultPlatform: Platform): DigestResolver {
  const inFlight = createSingleFlight<Result<ResolvedDigest>>();
  const reading = createSingleFlight<Result<DigestContent>>();
  return {
    content: (reference, signal) => {
      const text = formatReference(reference);
      const options = { ...access, text, reference, platform: undefined, defaultPlatform };
      return reading.run(text, (shared) => readContent(options, reference.digest, shared), signal);
    },
    resolve: (written, signal) => {
      const reference = withDefaultTag(written);
      return inFlight.run(formatReference(reference), (shared) => resolve(access, reference, shared), signal);
    },
  };
}

function partsOf(access: RegistryAccess, text: string): Result<RegistryParts> {
  const reference = parseReference(text);
  return reference.ok ? success({ ...access, text, reference: reference.value }) : reference;
}

/**
 * The digest of a reference. Sends HEAD first: on Docker Hub only GET counts as a pull, and the digest may be in the
 * cache.
 */
async function rootDigest(
  reference: ImageReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Result<Digest>> {
  if (reference.digest !== undefined) return success(reference.digest);
  const resolved = await resolver.resolve(reference, signal);
  return resolved.ok ? success(resolved.value.digest) : resolved;
}

const maxCacheBytes = 32 * 1024 * 1024;

async function resolve(
  { client, cache }: RegistryAccess,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<Result<ResolvedDigest>> {
  const path = `manifests/${reference.digest ?? reference.tag ?? "latest"}`;
  const head = await client.ask(resourceOf(reference), { method: "HEAD", path, maxBytes: 0 }, signal);
  if (!head.ok) return head;
  const claimed = head.value.status === 200 ? claimOf(head.value) : undefined;
  if (claimed) return checked(reference, claimed.digest, claimed.mediaType);
  if (!headlessStatuses.has(head.value.status)) return failure(statusError(resourceOf(reference), head.value.status));
  // The digest is computed from the bytes.
  const get = await client.ask(resourceOf(reference), { method: "GET", path, maxBytes: maxManifestBytes }, signal);
  if (!get.ok) return get;
  if (get.value.status !== 200) return failure(statusError(resourceOf(reference), get.value.status));
  const { body, headers } = get.value;
  const digest = digestOf(body, reference.digest);
  cache.set(cacheKey(reference, digest), body);
  return checked(reference, digest, mediaTypeOf(headers.get("content-type") ?? "", body));
}

/**
 * Statuses after which GET is tried. Some registries answer HEAD without the digest, others not at all, although they
 * have the manifest.
 */
const headlessStatuses: ReadonlySet<number> = new Set([200, 400, 404, 405, 501]);

function claimOf({ headers }: RegistryAnswer): { readonly digest: Digest; readonly mediaType: string } | undefined {
  const digest = parseDigest(headers.get("docker-content-digest") ?? "");
  const mediaType = headers.get("content-type") ?? "";
  return digest && mediaKind(mediaType) ? { digest, mediaType } : undefined;
}

/**
 * The media type of a document. A `Content-Type` may be as vague as application/json; the document itself is then used.
 */
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
  if (reference.digest !== undefined && digest !== reference.digest)
    return failure(mismatchError(what, reference.registry));
  const kind = mediaKind(mediaType);
  if (kind === "schema1")
    return failure({
      kind: "unsupported",
      what,
      message: `${what} is a schema 1 manifest, whose digest is not stable; push the image again with a current client`,
    });
  if (kind !== "index" && kind !== "manifest")
    return failure({
      kind: "badAnswer",
      endpoint: reference.registry,
      message: `${reference.registry} sent an unexpected response (not an image) for ${what}`,
    });
  return success({ digest, mediaType, isIndex: isIndex(mediaType), endpoint: reference.registry });
}

/** Node's names of processors and those used by images. @see https://go.dev/doc/install/source#environment */
const architectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  arm64: "arm64",
  arm: "arm",
  ppc64: "ppc64le",
  s390x: "s390x",
  riscv64: "riscv64",
  loong64: "loong64",
};

/** The platform of images for this machine: Linux on its processor. */
export function thisMachine(): Platform {
  return { os: "linux", architecture: architectures[process.arch] ?? process.arch };
}
