import { decode, member, text } from "../core/decode.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type Result } from "../core/error.ts";
import { withContents, type Image } from "../core/image.ts";
import { withLayersOf } from "../source/missingBlobs.ts";
import type { LayerCache } from "../source/layerCache.ts";
import { keepMoving } from "../source/movingStream.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import { readLayer, type LayerRead } from "../tar/layerEntries.ts";
import { readLayerFile, readLayerFiles } from "../tar/layerFile.ts";
import { maxAnswerBytes, promptTimeoutMs, workTimeoutMs } from "./actions/context.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { asEngineError, createEngineClient, type EngineClient } from "./http/client.ts";
import { createNegotiation } from "./version.ts";

/**
 * Reads the file system of an image as a container would see it: one layer, with the few files that the engine adds to
 * every container.
 */
export interface ContainerExports extends LayerReader, FileReader {
  /** The image with the exported file system as its only layer. */
  image(image: Image, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Result<Image>>;
}

/** Each read makes a container that never starts, exports it and removes it; what was read is kept in the cache. */
export function createContainerExports(connection: EngineConnection, cache: LayerCache | undefined): ContainerExports {
  const exporting = { connection, client: createEngineClient(connection) };
  const read = async (
    image: Image,
    onProgress: ((progress: Progress) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Result<LayerRead>> => {
    let readBytes = 0;
    const onRead = (bytes: number): void => {
      readBytes += bytes;
      onProgress?.({ readBytes, label: "receiving the file system of a container" });
    };
    return withExport(exporting, image, signal, (tar, what) => readLayer(tar, { what, onRead }, signal));
  };
  return {
    image: async (image, onProgress, signal) => {
      const exported = await read(image, onProgress, signal);
      if (!exported.ok) return exported;
      const { diffId, content } = exported.value;
      await cache?.set(diffId, content);
      return success(asOneLayer(image, diffId, content));
    },
    layers: async (image, { wanted, onProgress }, signal) => {
      const diffId = image.layers[0]?.diffId;
      if (diffId === undefined || wanted?.includes(diffId) === false) return success({ image, contents: new Map() });
      const known = await cache?.get(diffId);
      const exported = known ? success({ content: known }) : await read(image, onProgress, signal);
      if (!exported.ok) return exported;
      const contents = new Map([[diffId, exported.value.content]]);
      return success({ image: withContents(image, contents), contents });
    },
    file: (image, { path, maxBytes }, signal) =>
      withExport(exporting, image, signal, (tar, what) => readLayerFile(tar, { what, path, maxBytes }, signal)),
    files: (image, { take }, signal) =>
      withExport(exporting, image, signal, (tar, what) => readLayerFiles(tar, { what, take }, signal)),
  };
}

function asOneLayer(image: Image, diffId: DiffId, { contentBytes }: LayerContent): Image {
  const layers = [{ index: 0, diffId, contentBytes, emptyStepsBefore: [] }];
  return withLayersOf(image, { ...image, layers }, { kind: "container" });
}

interface Exporting {
  readonly connection: EngineConnection;
  readonly client: EngineClient;
}

interface Container extends Exporting {
  readonly apiVersion: string;
  readonly id: string;
  readonly what: string;
}

const idleMs = 30_000; // Bytes that were on their way have come by then.

/** Acts on the tar of a container's file system; the container is removed whatever happens. */
async function withExport<T>(
  { connection, client }: Exporting,
  image: Image,
  signal: AbortSignal,
  act: (tar: AsyncIterable<Buffer>, what: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const version = await createNegotiation(client).version(signal);
  if (!version.ok) return version;
  const { apiVersion } = version.value;
  const what = `a container of ${image.reference}`;
  const created = await create({ connection, client }, { image, apiVersion, what }, signal);
  if (!created.ok) return created;
  const container = { connection, client, apiVersion, id: created.value, what };
  let result: Result<T>;
  try {
    result = await exported(container, act, signal);
  } finally {
    // Not with the caller's signal: what was cancelled is removed too.
    const removed = await remove(container);
    if (!removed.ok) result = failure(removed.error);
  }
  return result;
}

/** @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerCreate */
async function create(
  { connection, client }: Exporting,
  { image, apiVersion, what }: { readonly image: Image; readonly apiVersion: string; readonly what: string },
  signal: AbortSignal,
): Promise<Result<string>> {
  const answer = await client.json(
    {
      method: "POST",
      path: "/containers/create",
      // It never runs; an image without a command of its own needs one to be accepted.
      body: { Image: image.id, Cmd: ["/"], NetworkDisabled: true },
      apiVersion,
      what,
      maxBytes: maxAnswerBytes,
      timeoutMs: workTimeoutMs,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const id = decode(what, "container", answer.value, (json) => text(member(json, "Id")));
  return id.ok ? id : failure(asEngineError(id.error, connection));
}

/** @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerExport */
async function exported<T>(
  { connection, client, apiVersion, id, what }: Container,
  act: (tar: AsyncIterable<Buffer>, what: string) => Promise<Result<T>>,
  signal: AbortSignal,
): Promise<Result<T>> {
  const path = `/containers/${encodeURIComponent(id)}/export`;
  const stream = await client.open({ path, apiVersion, what, timeoutMs: workTimeoutMs }, signal);
  if (!stream.ok) return stream;
  const moving = keepMoving(stream.value, { idleMs, firstMs: workTimeoutMs });
  const result = await act(moving.chunks, what);
  const stalled = moving.stalled();
  if (stalled === undefined) return result;
  const { endpoint } = connection;
  const message = `${endpoint} stopped sending ${what}: ${stalled}; check whether the engine hangs`;
  return failure({ kind: "engineUnreachable", endpoint, tried: [endpoint], message });
}

async function remove({ connection, client, apiVersion, id, what }: Container): Promise<Result<void>> {
  const path = `/containers/${encodeURIComponent(id)}`;
  const request = { path, apiVersion, what, maxBytes: maxAnswerBytes, timeoutMs: promptTimeoutMs };
  const answer = await client.text(
    { ...request, method: "DELETE", query: { force: 1, v: 1 } },
    AbortSignal.timeout(promptTimeoutMs),
  );
  if (answer.ok) return success(undefined);
  const { endpoint } = connection;
  const message = `the container ${id} that was made to read ${what} couldn't be removed; remove it (docker rm ${id})`;
  return failure({ kind: "badAnswer", endpoint, message });
}
