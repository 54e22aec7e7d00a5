import type { BlobBytes } from "../core/bytes.ts";
import type { Digest, DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withContents, type Image, type Layer } from "../core/image.ts";
import { isEncrypted, isForeign } from "../core/mediaType.ts";
import { parseReference, withDigest, type ImageReference } from "../core/reference.ts";
import type { LayerCache } from "../source/layerCache.ts";
import { createSingleFlight, type SingleFlight } from "../source/singleFlight.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { noCertificates, type RegistryCertificates } from "./certificates.ts";
import { createRegistryClient, resourceOf, type RegistryClient } from "./client.ts";
import type { KeptBlobs } from "../source/keptBlobs.ts";
import { mismatchError, statusError } from "./errors.ts";
import { createRegistryHttp, type RegistryHttpOptions } from "./http.ts";
import type { FileReader, LayerReader, LayerRequest, ReadLayers } from "../source/source.ts";
import { readCheckedBlob } from "../tar/checkedLayer.ts";
import { readLayer } from "../tar/layerEntries.ts";
import { readLayerFile, readLayerFiles } from "../tar/layerFile.ts";

export interface RegistryLayersOptions extends RegistryHttpOptions {
  readonly credentials: Credentials;
  /** Only the system's certificates if absent. */
  readonly certificates?: RegistryCertificates;
  /** `host` or `host:port` to contact over plain HTTP; those of this machine needn't be listed. */
  readonly insecureRegistries: readonly string[];
  readonly cache?: LayerCache;
  /** Downloads each blob once for several questions in a row. Without it every question downloads it. */
  readonly blobs?: KeptBlobs;
}

/** Reads layers of registry images. Each blob is checked by its digest and its DiffID. Cached layers aren't fetched. */
export function createRegistryLayers({
  credentials,
  insecureRegistries,
  certificates = noCertificates,
  cache,
  blobs,
  ...http
}: RegistryLayersOptions): LayerReader & FileReader {
  const client = createRegistryClient({
    http: createRegistryHttp(http),
    credentials,
    certificates,
    insecureRegistries,
  });
  const inFlight = createSingleFlight<Fetched>();
  return {
    layers: async (image, request, signal) => {
      signal.throwIfAborted();
      const reference = parseReference(image.reference);
      return reference.ok
        ? readLayers({ client, cache, blobs, inFlight, reference: reference.value, image }, request, signal)
        : reference;
    },
    file: (image, { diffId, path, maxBytes }, signal) => {
      const read: ReadBlob<Buffer> = (blob, what) => readLayerFile(blob, { what, path, maxBytes }, signal);
      return readOneLayer({ client, blobs, image, diffId }, read, signal);
    },
    files: (image, { diffId, take }, signal) => {
      const read: ReadBlob<void> = (blob, what) => readLayerFiles(blob, { what, take }, signal);
      return readOneLayer({ client, blobs, image, diffId }, read, signal);
    },
  };
}

async function readOneLayer<T>(
  { client, blobs, image, diffId }: Pick<RegistryImage, "client" | "blobs" | "image"> & { readonly diffId: DiffId },
  read: ReadBlob<T>,
  signal: AbortSignal,
): Promise<Result<T>> {
  const reference = parseReference(image.reference);
  const layer = image.layers.find((candidate) => candidate.diffId === diffId);
  if (!reference.ok) return reference;
  if (!layer) return failure({ kind: "notFound", what: image.reference, message: `it has no layer ${diffId}` });
  const wanted = { ...layer, onRead: () => undefined };
  return (await fetchLayer({ client, blobs, reference: reference.value }, wanted, read, signal)).content;
}

/** An image with the means to read its layers. */
interface RegistryImage {
  readonly client: RegistryClient;
  readonly cache: LayerCache | undefined;
  readonly blobs: KeptBlobs | undefined;
  /** By repository and DiffID. */
  readonly inFlight: SingleFlight<Fetched>;
  readonly reference: ImageReference;
  readonly image: Image;
}

// The same as the Docker engine's default (dockerd's max-concurrent-downloads).
const maxAtOnce = 3;

async function readLayers(
  remote: RegistryImage,
  request: LayerRequest,
  signal: AbortSignal,
): Promise<Result<ReadLayers>> {
  const { cache, image } = remote;
  const wanted = [
    ...new Map(
      image.layers
        .filter(({ diffId }) => request.wanted?.includes(diffId) ?? true)
        .map((layer) => [layer.diffId, layer]),
    ).values(),
  ];
  const read = new Map<DiffId, Result<LayerContent>>();
  for (const { diffId } of wanted) {
    const known = await cache?.get(diffId);
    if (known) read.set(diffId, success(known));
  }
  const missing = wanted.filter(({ diffId }) => !read.has(diffId));
  const onRead = progressOf(missing, request);
  let refusal: OciError | undefined;
  await inTurns(missing, async (layer) => {
    // A reason to refuse one layer applies to the next as well.
    const { content, isRefusal } = refusal
      ? { content: failure(refusal) }
      : await fetchOnce(remote, { ...layer, onRead }, signal);
    read.set(layer.diffId, content);
    if (isRefusal && !content.ok) refusal ??= content.error;
    if (content.ok) await cache?.set(layer.diffId, content.value);
  });
  const isNothing = ![...read.values()].some(({ ok }) => ok);
  return refusal && isNothing ? failure(refusal) : success(toReadLayers(image, wanted, read));
}

/** Adds up the bytes received for all layers; cached ones aren't counted. */
function progressOf(missing: readonly Layer[], { onProgress }: LayerRequest): (bytes: number) => void {
  const totalBytes = missing.reduce((sum, { blobBytes = 0 }) => sum + blobBytes, 0);
  const label = missing.length === 1 ? "receiving a layer" : `receiving ${missing.length} layers`;
  let readBytes = 0;
  return (bytes) => {
    readBytes += bytes;
    onProgress?.({ readBytes, totalBytes, label });
  };
}

function toReadLayers(
  image: Image,
  wanted: readonly Layer[],
  read: ReadonlyMap<DiffId, Result<LayerContent>>,
): ReadLayers {
  const contents = new Map<DiffId, LayerContent>();
  const problems = new Map<DiffId, OciError>();
  for (const { diffId } of wanted) {
    const content = read.get(diffId);
    if (content?.ok) contents.set(diffId, content.value);
    else if (content) problems.set(diffId, content.error);
  }
  return { image: withContents(image, contents), contents, problems };
}

/** Does the work for each item, a few at once, starting in order. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: maxAtOnce }, worker));
}

interface WantedLayer extends Layer {
  readonly onRead: (bytes: number) => void;
}

interface Fetched<T = LayerContent> {
  readonly content: Result<T>;
  /** True if it failed before the registry responded for this layer: no login, no connection, too many requests. */
  readonly isRefusal?: boolean;
}

/** Fetches a layer. Concurrent requests for the same layer share the result. */
function fetchOnce(remote: RegistryImage, layer: WantedLayer, signal: AbortSignal): Promise<Fetched> {
  const { registry, repository } = remote.reference;
  const key = `${registry}/${repository} ${layer.diffId} ${layer.digest ?? ""}`;
  const { diffId, onRead } = layer;
  const read =
    (until: AbortSignal): ReadBlob<LayerContent> =>
    async (blob, what) => {
      const found = await readLayer(blob, { what, diffId, onRead }, until);
      return found.ok ? success(found.value.content) : found;
    };
  return remote.inFlight.run(key, (until) => fetchLayer(remote, layer, read(until), until), signal);
}

/** Converts a blob's bytes; `what` names it in errors. */
type ReadBlob<T> = (blob: AsyncIterable<Buffer>, what: string) => Promise<Result<T>>;

async function fetchLayer<T>(
  { client, blobs, reference }: Pick<RegistryImage, "client" | "blobs" | "reference">,
  layer: WantedLayer,
  read: ReadBlob<T>,
  signal: AbortSignal,
): Promise<Fetched<T>> {
  const { digest, blobBytes, mediaType = "" } = layer;
  const what = `layer ${layer.index} (${layer.diffId}) of ${reference.registry}/${reference.repository}`;
  if (isEncrypted(mediaType))
    return {
      content: failure({
        kind: "unsupported",
        what,
        message: "it is encrypted; decrypt the image first (skopeo copy --decryption-key)",
      }),
    };
  if (digest === undefined || blobBytes === undefined)
    return {
      content: failure({
        kind: "badArchive",
        what,
        message: "the manifest and the config list different numbers of layers, so this layer's blob is unknown",
      }),
    };
  const checked = { ...layer, what, digest, blobBytes, registry: reference.registry };
  const readBody: ReadBlobBody<T> = (body) => readChecked(body, checked, read);
  if (!blobs) return download({ client, reference }, checked, readBody, signal);
  const key = `${reference.registry}/${reference.repository}@${digest}`;
  const take = async (): Promise<Fetched<T>> => {
    const kept = blobs.read(key);
    // It was checked when it was kept.
    if (kept) return { content: await readBody(kept) };
    const keeping: ReadBlobBody<T> = (body) => readBody(blobs.keep(key, blobBytes, body));
    const fetched = await download({ client, reference }, checked, keeping, signal);
    if (!fetched.content.ok) blobs.drop(key);
    return fetched;
  };
  return blobs.inTurn(key, take, signal);
}

/** Reads the body of an answer. */
type ReadBlobBody<T> = (body: AsyncIterable<Buffer>) => Promise<Result<T>>;

async function download<T>(
  { client, reference }: Pick<RegistryImage, "client" | "reference">,
  { what, digest, blobBytes, mediaType = "" }: CheckedLayer,
  readBody: ReadBlobBody<T>,
  signal: AbortSignal,
): Promise<Fetched<T>> {
  const taken: { content?: Result<T> } = {};
  const take = async (body: AsyncIterable<Buffer>): Promise<void> => {
    taken.content = await readBody(body);
  };
  const blob = resourceOf(withDigest(reference, digest));
  const answer = await client.ask(blob, { method: "GET", path: `blobs/${digest}`, maxBytes: blobBytes, take }, signal);
  // The reason why the body stopped says more than the result of reading half of it.
  if (!answer.ok) return { content: answer, isRefusal: taken.content === undefined };
  if (taken.content) return { content: taken.content };
  const { status } = answer.value;
  const isMissing = status === 404 && isForeign(mediaType);
  return { content: failure(isMissing ? foreignError(what, reference) : statusError(blob, status)) };
}

interface CheckedLayer extends WantedLayer {
  readonly what: string;
  readonly digest: Digest;
  readonly blobBytes: BlobBytes;
  readonly registry: string;
}

/** The content of a blob whose bytes match its digest to the end, and the length in its manifest. */
async function readChecked<T>(
  body: AsyncIterable<Buffer>,
  { what, digest, blobBytes, registry }: CheckedLayer,
  readBlob: ReadBlob<T>,
): Promise<Result<T>> {
  const { read, stored } = await readCheckedBlob(body, digest, (blob) => readBlob(blob, what));
  if (!stored) return read;
  if (stored.digest !== digest) return failure(mismatchError(`${what} (${digest})`, registry));
  // A longer one wasn't read to its end.
  if (stored.bytes !== blobBytes)
    return failure({
      kind: "badAnswer",
      endpoint: registry,
      message: `the blob of ${what} has ${stored.bytes} bytes, not the ${blobBytes} in its manifest`,
    });
  return read;
}

function foreignError(what: string, { registry }: ImageReference): OciError {
  return {
    kind: "unsupported",
    what,
    message: `it is a foreign layer, which ${registry} does not serve; URLs outside the registry are not followed`,
  };
}
