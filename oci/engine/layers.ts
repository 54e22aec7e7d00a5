import { present } from "../core/decode.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withContents, type Image, type Layer } from "../core/image.ts";
import { keepMoving } from "../source/movingStream.ts";
import type { Platform } from "../core/platform.ts";
import { openArchiveStream, type Archive, type ArchiveOptions } from "../archive/archive.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { takesPlatform, type ActionContext } from "./actions/context.ts";
import { inPath, platformParameter } from "./names.ts";
import { createEngineClient } from "./http/client.ts";
import { createNegotiation } from "./version.ts";
import { shareStreams, type Stream, type StreamCaller, type StreamReport } from "./sharedStreams.ts";
import type { LayerReader, LayerRequest, Progress, ReadLayers } from "../source/source.ts";

/** Reads layers of engines' images from their save streams. The engine isn't contacted if the cache has everything. */
export interface EngineLayers {
  of(connection: EngineConnection): LayerReader;
  /** Uses the archive in an image's save stream. */
  withArchive<T>(
    connection: EngineConnection,
    image: Image,
    caller: StreamCaller,
    act: (archive: Archive) => Promise<Result<T>>,
  ): Promise<Result<T>>;
  /** Resolves when all streams have been read. */
  idle(): Promise<void>;
}

/**
 * Creates a reader whose requests for the same image share one stream. The other layers in the stream are then read
 * into the cache, so that no layer needs a second stream.
 */
export function createEngineLayers(options: ArchiveOptions): EngineLayers {
  const streams = shareStreams(options);
  const streamOf = (connection: EngineConnection, image: Image): Stream => ({
    key: JSON.stringify([connection, image.id, image.manifestDigest]),
    image,
    open: (report, signal) =>
      openSaved(connection, image, { ...options, ...report, signal, firstMs: firstByteMs(image) }),
  });
  return {
    of: (connection) => ({
      layers: async (image, request, signal) => {
        const known = await fromCache({ ...request, image }, options);
        if (known) return success(known);
        const caller = { signal, ...present({ onProgress: request.onProgress }) };
        return streams.use(streamOf(connection, image), caller, async (archive, from) => {
          const onProgress = ({ readBytes, totalBytes = 0, label }: Progress): void =>
            request.onProgress?.({ readBytes: from + readBytes, totalBytes: from + totalBytes, label });
          const read = await archive.layers(image, { ...request, onProgress }, signal);
          return read.ok ? success({ ...read.value, image: joinImages(image, read.value.image) }) : read;
        });
      },
    }),
    withArchive: (connection, image, caller, act) => streams.use(streamOf(connection, image), caller, act),
    idle: streams.idle,
  };
}

/** The time until the first byte: the engine may write the whole image to its disk first. */
function firstByteMs({ engineBytes = 0 }: Image): number {
  return timeoutMs + engineBytes / stagedBytesPerMs;
}

async function openSaved(connection: EngineConnection, image: Image, options: SaveOptions): Promise<Result<Archive>> {
  const client = createEngineClient(connection);
  const version = await createNegotiation(client).version(options.signal);
  return version.ok ? saved({ client, version: version.value }, image, options) : version;
}

interface AskedLayers extends LayerRequest {
  readonly image: Image;
}

const idleMs = 30_000; // Bytes already in transit have arrived by then.
const stagedBytesPerMs = 5000; // A slow disk writes 5 MB a second.
// Classic stores write the whole image to disk before the first byte; 199 MB took 1 s.
const timeoutMs = 30 * 60 * 1000;

type Access = Pick<ActionContext, "client" | "version">;

type SaveOptions = ArchiveOptions & StreamReport & { readonly signal: AbortSignal; readonly firstMs: number };

/**
 * Saves by ID, which exports one image only (a bare name would export all its tags), for one platform if the engine
 * supports it. Falls back to a less exact request if refused.
 */
async function saved(access: Access, image: Image, options: SaveOptions): Promise<Result<Archive>> {
  const isMultiPlatform = image.manifestDigest !== undefined || image.indexDigest !== undefined;
  const canChoose = isMultiPlatform && takesPlatform(access.version, "1.48");
  const own = image.manifests?.find(({ digest }) => digest === image.manifestDigest);
  const attempts = [
    ...(canChoose ? [{ name: image.id, platform: own?.platform ?? image.platform }] : []),
    { name: image.id },
    { name: image.reference },
  ];
  let refused: { readonly ok: false; readonly error: OciError } | undefined;
  for (const attempt of attempts) {
    const archive = await save(access, attempt, options);
    if (archive.ok || !isRefusal(archive.error)) return archive;
    refused ??= archive;
  }
  return refused ?? failure({ kind: "notFound", what: image.reference, message: "the engine has no such image" });
}

function isRefusal({ kind }: OciError): boolean {
  return kind === "notFound" || kind === "badAnswer";
}

async function save(
  { client, version }: Access,
  { name, platform }: { readonly name: string; readonly platform?: Platform },
  options: SaveOptions,
): Promise<Result<Archive>> {
  const what = `image ${name} of ${client.connection.endpoint}`;
  const path = `/images/${inPath(name)}/get`;
  const query = platform ? { platform: platformParameter(platform) } : {};
  const stream = await client.open({ path, query, what, timeoutMs, apiVersion: version.apiVersion }, options.signal);
  if (!stream.ok) return stream;
  const { spoolFolder, onRead, onWait, firstMs } = options;
  const moving = keepMoving(stream.value, { idleMs, firstMs, onWait });
  const archive = await openArchiveStream(
    moving.chunks,
    { what, onRead, ...(spoolFolder !== undefined && { folder: spoolFolder }) },
    options,
  );
  const stalled = moving.stalled();
  if (stalled === undefined) return archive;
  if (archive.ok) await archive.value.close();
  const { endpoint } = client.connection;
  const message = `${endpoint} stopped sending ${what}: ${stalled}; check whether the engine hangs`;
  return failure({ kind: "engineUnreachable", endpoint, tried: [endpoint], message });
}

async function fromCache({ image, wanted }: AskedLayers, { cache }: ArchiveOptions): Promise<ReadLayers | undefined> {
  const contents = new Map<DiffId, LayerContent>();
  for (const { diffId } of image.layers.filter((layer) => wanted?.includes(layer.diffId) ?? true)) {
    const content = await cache?.get(diffId);
    if (!content) return undefined;
    contents.set(diffId, content);
  }
  return { image: withContents(image, contents), contents };
}

/**
 * The archive's description, exact in history and digests, with the engine's names and the data that only the engine
 * has.
 */
function joinImages(asked: Image, found: Image): Image {
  const { configDigest, config, layers, emptyStepsAfter, historyPairing } = found;
  const joined = layers.map((layer, index) => withEngineBytes(layer, asked.layers[index]?.engineBytes));
  const described = { ...asked, ...present({ configDigest }), config, emptyStepsAfter, historyPairing };
  // A store without blobs makes up manifests and their digests for the archive, different each time.
  if (asked.engineSizeKind !== "disk")
    return { ...described, layers: joined.map(({ digest, mediaType, blobBytes, ...layer }) => layer) };
  const { manifestDigest, indexDigest = asked.indexDigest, annotations } = found;
  return {
    ...described,
    ...present({ manifestDigest, indexDigest }),
    ...(annotations && { annotations: { ...asked.annotations, ...annotations } }),
    layers: joined,
  };
}

function withEngineBytes(layer: Layer, engineBytes: number | undefined): Layer {
  return engineBytes === undefined ? layer : { ...layer, engineBytes };
}
