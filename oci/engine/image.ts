import { failure, success, type OciError, type Result } from "../core/error.ts";
import { missingBlobs } from "../source/missingBlobs.ts";
import type { HistoryStep } from "../core/history.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import { formatPlatform, matchesPlatform, type Platform } from "../core/platform.ts";
import {
  decodeHistory,
  decodeInspect,
  toImage,
  type ImageRecord,
  type ImageStore,
  type InspectedImage,
} from "./imageRecord.ts";
import { isListed } from "./list.ts";
import { availableImages, manifestFor, platformNames } from "./manifests.ts";
import { checkName, inPath, platformParameter } from "./names.ts";
import { decodeLibpodImage, withSizes } from "./podman.ts";
import { asEngineError, type EngineClient, type EngineRequest } from "./http/client.ts";
import { isAtLeast, type EngineVersion, type Negotiation } from "./version.ts";

export interface ImageRequest {
  readonly client: EngineClient;
  readonly negotiation: Negotiation;
  readonly version: EngineVersion;
  readonly reference: string;
  readonly platform?: Platform | undefined;
  readonly allowMissingBlobs?: boolean;
}

/** Reads identity, config, history and layer list in a few requests. */
export async function readImage(request: ImageRequest, signal: AbortSignal): Promise<Result<Image>> {
  const { negotiation, version, reference } = request;
  const found = await inspectPlatform(request, signal);
  if (!found.ok) return found;
  const store = found.value.target ? success("containerd" as const) : await negotiation.store(version, signal);
  if (!store.ok) return store;
  const inspected = await withListing(request, found.value, store.value, signal);
  if (!inspected.ok) return inspected;
  if (inspected.value.lacksBlobs && !request.allowMissingBlobs) return failure(missingBlobs(request));
  const record = await (version.libpodVersion === undefined ? engineRecord : podmanRecord)(
    request,
    inspected.value,
    signal,
  );
  return record.ok ? success(toImage(reference, inspected.value, { ...record.value, store: store.value })) : record;
}

/** Inspects a name, for the platform that the engine chooses. */
export async function inspect(
  request: ImageRequest,
  query: Query,
  signal: AbortSignal,
): Promise<Result<InspectedImage>> {
  const { version, reference } = request;
  const what = `image ${reference}`;
  const named = checkName(reference);
  if (!named.ok) return named;
  return ask(
    request,
    { path: `/images/${inPath(reference)}/json`, query, apiVersion: version.apiVersion, what },
    decodeInspect,
    signal,
  );
}

type Query = Readonly<Record<string, number | object>>;

// A config with a long history is below 1 MB.
const maxImageBytes = 16 * 1024 * 1024;
// An engine that unpacks or prunes can be slow to respond; one that is silent this long hangs.
const timeoutMs = 30_000;

/**
 * Inspects the image as a whole. If another platform than the engine's choice is wanted, adds that platform's config
 * and manifest.
 */
async function inspectPlatform(request: ImageRequest, signal: AbortSignal): Promise<Result<InspectedImage>> {
  const { version, platform } = request;
  const whole = await inspectWhole(request, signal);
  if (!whole.ok || platform === undefined || isOf(platform, whole.value)) return whole;
  const found = whole.value.manifests && manifestFor(platform, whole.value.manifests);
  if (found?.platform === undefined || found.isAvailable === false)
    return failure(notHere(request, platform, whole.value));
  if (!isAtLeast(version, "1.49")) {
    const wanted = `${request.reference} for ${formatPlatform(platform)}`;
    return failure({
      kind: "unsupported",
      what: wanted,
      message: `the engine has ${wanted}, but only Docker 28.1 and later can show it`,
    });
  }
  // By ID, so that both are of the same image even if the name moves meanwhile, and with the platform as the index has
  // it.
  const one = await inspect(
    { ...request, reference: whole.value.id },
    { platform: platformParameter(found.platform) },
    signal,
  );
  return one.ok ? success({ ...whole.value, config: one.value.config, chosen: found }) : one;
}

/** An engine that lacks the blobs of its only image doesn't say of which platform it is. */
function isOf(platform: Platform, { config, lacksBlobs, manifests = [] }: InspectedImage): boolean {
  const isUnknown = lacksBlobs === true && manifests.every((one) => one.platform === undefined);
  return isUnknown || matchesPlatform(platform, config.platform);
}

/**
 * Inspects the whole image. If the blobs of its layers are missing, Docker 28.5 responds with an empty config, although
 * containers run: a pull doesn't fetch layers that were unpacked already (moby #49473). The history is still known.
 */
async function inspectWhole(request: ImageRequest, signal: AbortSignal): Promise<Result<InspectedImage>> {
  const whole = await inspect(request, isAtLeast(request.version, "1.48") ? { manifests: 1 } : {}, signal);
  if (!whole.ok || !lacksContent(whole.value)) return whole;
  const images = whole.value.manifests?.filter(({ kind }) => kind === "image") ?? [];
  if (images.length === 0) return failure(nothingHere(request, images));
  const history = await engineHistory(request, whole.value, signal);
  return history.ok && history.value.length > 0
    ? success({ ...whole.value, lacksBlobs: true })
    : failure(nothingHere(request, images));
}

/**
 * Finds out whether Docker 25 to 27 has the blobs of an image in containerd's store: these versions describe an image
 * without them like any other, but don't list it (seen in 26.1).
 */
async function withListing(
  request: ImageRequest,
  image: InspectedImage,
  store: ImageStore,
  signal: AbortSignal,
): Promise<Result<InspectedImage>> {
  if (store !== "containerd" || image.target) return success(image);
  const listed = await isListed(request.client, request.version, image, signal);
  if (!listed.ok) return listed;
  return success(listed.value ? image : { ...image, lacksBlobs: true });
}

function lacksContent({ manifests, config }: InspectedImage): boolean {
  return manifests !== undefined && availableImages(manifests).length === 0 && config.diffIds.length === 0;
}

function nothingHere({ reference }: ImageRequest, images: readonly ManifestSummary[]): OciError {
  if (images.length === 0) return { kind: "unsupported", what: reference, message: `${reference} contains no image` };
  const named = platformNames(images);
  const wanted = `${reference}${named === "" ? "" : ` for ${named}`}`;
  return {
    kind: "notFound",
    what: reference,
    message: `the engine lists ${wanted}, but has none of its content; open the image from its registry`,
  };
}

function notHere({ reference }: ImageRequest, platform: Platform, { config, manifests }: InspectedImage): OciError {
  const wanted = formatPlatform(platform);
  const isNamed = manifests !== undefined && manifestFor(platform, manifests) !== undefined;
  const there = (manifests && platformNames(availableImages(manifests))) || formatPlatform(config.platform);
  const state = isNamed
    ? `the engine knows ${reference} for ${wanted}, but has content only for ${there}`
    : `the engine has ${reference} only for ${there}`;
  return { kind: "notFound", what: `${reference} for ${wanted}`, message: `${state}; pull it for ${wanted}` };
}

async function engineRecord(
  request: ImageRequest,
  image: InspectedImage,
  signal: AbortSignal,
): Promise<Result<ImageRecord>> {
  const history = await engineHistory(request, image, signal);
  return history.ok ? success({ history: history.value }) : history;
}

/**
 * Reads Podman's own API, which includes what Docker's leaves out. Its history of sizes fails for images with an
 * undated step (seen in 4.3).
 */
async function podmanRecord(
  request: ImageRequest,
  image: InspectedImage,
  signal: AbortSignal,
): Promise<Result<ImageRecord>> {
  const { version, reference } = request;
  const what = `image ${reference}`;
  const [own, history] = await Promise.all([
    ask(
      request,
      { path: `/libpod/images/${inPath(image.id)}/json`, apiVersion: version.libpodVersion ?? "", what },
      decodeLibpodImage,
      signal,
    ),
    engineHistory(request, image, signal),
  ]);
  if (own.ok) return success(history.ok ? withSizes(own.value, history.value) : own.value);
  return history.ok ? success({ history: history.value }) : history;
}

/** Reads the history by ID, so that it is of the image just inspected, even if the name moved meanwhile. */
function engineHistory(
  request: ImageRequest,
  { id, chosen }: InspectedImage,
  signal: AbortSignal,
): Promise<Result<readonly HistoryStep[]>> {
  const { version, reference } = request;
  const query = chosen?.platform === undefined ? {} : { platform: platformParameter(chosen.platform) };
  return ask(
    request,
    {
      path: `/images/${inPath(id)}/history`,
      query,
      apiVersion: version.apiVersion,
      what: `the history of ${reference}`,
    },
    decodeHistory,
    signal,
  );
}

async function ask<T>(
  { client }: ImageRequest,
  request: Omit<EngineRequest, "maxBytes" | "timeoutMs">,
  read: (what: string, value: unknown) => Result<T>,
  signal: AbortSignal,
): Promise<Result<T>> {
  const answer = await client.json({ ...request, maxBytes: maxImageBytes, timeoutMs }, signal);
  if (!answer.ok) return answer;
  const decoded = read(request.what, answer.value);
  return decoded.ok ? decoded : failure(asEngineError(decoded.error, client.connection));
}
