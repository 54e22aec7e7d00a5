import type { Digest } from "../core/digest.ts";
import { parseDigest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Image, ImageSummary } from "../core/image.ts";
import { formatPlatform, matchesPlatform, type Platform } from "../core/platform.ts";
import { familiarName, formatReference, parseReference, type ImageReference } from "../core/reference.ts";
import type { EngineConnection } from "./connection.ts";
import { decodeHistory, decodeImageList, decodeInspect, toImage, type ImageStore, type InspectedImage } from "./engineImage.ts";
import { asEngineError, createEngineClient, type EngineClient } from "./engineRequest.ts";
import { createNegotiation, isAtLeast, type EngineVersion, type Negotiation } from "./engineVersion.ts";
import type { ImageLister, ImageReader, LayerReader } from "./source.ts";

/** A Docker or Podman engine as a source of images. */
export interface Engine extends ImageLister, ImageReader, LayerReader {
  readonly connection: EngineConnection;
  /** Asks whether it is there and what it speaks. */
  ping(signal: AbortSignal): Promise<Result<EngineVersion>>;
  /** The digests the engine recorded for a name. Information only: a containerd store has one for images that are in no registry. */
  localDigests(reference: ImageReference, signal: AbortSignal): Promise<Result<readonly Digest[]>>;
}

/** Makes a source of an engine. Nothing is asked before the first call; the API version is negotiated once and again after the engine was lost. Layer content is read by `layers`. */
export function createEngine(connection: EngineConnection, layers: LayerReader): Engine {
  const client = createEngineClient(connection);
  const negotiation = createNegotiation(client);
  const access: Access = { client, negotiation };
  return {
    connection,
    ping: (signal) => negotiation.ping(signal),
    list: (signal) => negotiated(access, signal, ({ apiVersion }) => list(client, apiVersion, signal)),
    image: (reference, { platform }, signal) =>
      negotiated(access, signal, (version) => readImage({ ...access, version, reference, platform }, signal)),
    localDigests: (reference, signal) => negotiated(access, signal, (version) => localDigests({ ...access, version, reference: formatReference(reference), platform: undefined }, signal)),
    layers: (image, request, signal) => layers.layers(image, request, signal),
  };
}

interface Access {
  readonly client: EngineClient;
  readonly negotiation: Negotiation;
}

interface Reading extends Access {
  readonly version: EngineVersion;
  readonly reference: string;
  readonly platform: Platform | undefined;
}

// A list of 10,000 images is about 10 MB, a config with a long history below 1 MB.
const maxListBytes = 64 * 1024 * 1024;
const maxImageBytes = 16 * 1024 * 1024;
// An engine that unpacks or prunes can be slow to answer; one that is silent this long hangs.
const timeoutMs = 30_000;

/** A lost engine may come back as another one, so its version is forgotten. */
async function negotiated<T>({ negotiation }: Access, signal: AbortSignal, ask: (version: EngineVersion) => Promise<Result<T>>): Promise<Result<T>> {
  const version = await negotiation.version(signal);
  if (!version.ok) return version;
  const answer = await ask(version.value);
  if (!answer.ok && answer.error.kind === "engineUnreachable") negotiation.forget();
  return answer;
}

async function list(client: EngineClient, apiVersion: string, signal: AbortSignal): Promise<Result<readonly ImageSummary[]>> {
  const answer = await client.json({ path: "/images/json", apiVersion, what: "the list of images", maxBytes: maxListBytes, timeoutMs }, signal);
  if (!answer.ok) return answer;
  const images = decodeImageList(answer.value);
  if (!images.ok) return failure(asEngineError(images.error, client.connection));
  return success([...images.value].sort((a, b) => (b.created ?? 0) - (a.created ?? 0)));
}

async function readImage(reading: Reading, signal: AbortSignal): Promise<Result<Image>> {
  const { client, negotiation, version, reference, platform } = reading;
  const inspected = await inspectPlatform(reading, signal);
  if (!inspected.ok) return inspected;
  const store: Result<ImageStore> = inspected.value.target ? success("containerd") : await negotiation.store(version, signal);
  if (!store.ok) return store;
  // By ID the history is of the image just seen, even if the tag moved meanwhile; but a platform's is only found by name.
  const name = platform === undefined ? inspected.value.id : reference;
  const query = platform !== undefined && isAtLeast(version, "1.48") ? { platform: ociPlatform(platform) } : {};
  const answer = await client.json({ path: `/images/${pathOf(name)}/history`, query, apiVersion: version.apiVersion, what: `the history of ${reference}`, maxBytes: maxImageBytes, timeoutMs }, signal);
  if (!answer.ok) return answer;
  const history = decodeHistory(`the history of ${reference}`, answer.value);
  if (!history.ok) return failure(asEngineError(history.error, client.connection));
  return success(toImage(reference, inspected.value, history.value, store.value));
}

/** The image as a whole, and where another platform of it is wanted than the engine's own choice, that one's config with it. */
async function inspectPlatform(reading: Reading, signal: AbortSignal): Promise<Result<InspectedImage>> {
  const { version, platform, reference } = reading;
  const whole = await inspect(reading, isAtLeast(version, "1.48") ? { manifests: 1 } : {}, signal);
  if (!whole.ok || platform === undefined || matchesPlatform(platform, whole.value.config.platform)) return whole;
  const wanted = formatPlatform(platform);
  if (!whole.value.target || !isAtLeast(version, "1.49")) {
    const there = formatPlatform(whole.value.config.platform);
    return failure({ kind: "notFound", what: `${reference} for ${wanted}`, message: `the engine has ${reference} for ${there} only; pull it for ${wanted}` });
  }
  const one = await inspect(reading, { platform: ociPlatform(platform) }, signal);
  return one.ok ? success({ ...whole.value, config: one.value.config }) : one;
}

async function inspect({ client, version, reference }: Reading, query: Readonly<Record<string, number | object>>, signal: AbortSignal): Promise<Result<InspectedImage>> {
  const what = `image ${reference}`;
  if (!isName(reference)) return failure({ kind: "badReference", what: reference, message: `"${reference.slice(0, 200)}" is neither an image name nor an image ID` });
  const answer = await client.json({ path: `/images/${pathOf(reference)}/json`, query, apiVersion: version.apiVersion, what, maxBytes: maxImageBytes, timeoutMs }, signal);
  if (!answer.ok) return answer;
  const inspected = decodeInspect(what, answer.value);
  return inspected.ok ? inspected : failure(asEngineError(inspected.error, client.connection));
}

async function localDigests(reading: Reading, signal: AbortSignal): Promise<Result<readonly Digest[]>> {
  const inspected = await inspect(reading, {}, signal);
  if (!inspected.ok) return inspected;
  const asked = parseReference(reading.reference);
  const name = asked.ok ? familiarName(asked.value) : "";
  const recorded = inspected.value.repoDigests.map((repoDigest) => repoDigest.split("@")).filter(([recordedName]) => recordedName === name);
  return success(recorded.flatMap(([, digest]) => parseDigest(digest ?? "") ?? []));
}

/** An image ID, whole or its beginning, or a reference. Anything else would be another path of the API. */
function isName(reference: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{4,64}$/.test(reference) || parseReference(reference).ok;
}

function pathOf(reference: string): string {
  return reference.split("/").map(encodeURIComponent).join("/");
}

function ociPlatform({ os, architecture, variant, osVersion }: Platform): object {
  return { os, architecture, ...(variant !== undefined && { variant }), ...(osVersion !== undefined && { "os.version": osVersion }) };
}
