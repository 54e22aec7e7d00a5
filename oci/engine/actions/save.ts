import { stat, type FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { parseDigest } from "../../core/digest.ts";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import { formatReference, parseReference, withDefaultTag } from "../../core/reference.ts";
import type { TransferOptions } from "./actions.ts";
import { brokenStream, takesPlatform, workTimeoutMs, type ActionContext } from "./context.ts";
import { checkName, platformParameter } from "../names.ts";
import { NotWrittenError, replaceFile } from "../../files/replaceFile.ts";
import { trailingErrorOf, type Refusal } from "../../source/refusal.ts";
import { durationText } from "../../core/text.ts";
import { keepMoving } from "../../source/movingStream.ts";
import type { Progress } from "../../source/source.ts";

/** Saves images. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageGetAll */
export async function save(
  context: ActionContext,
  { images, file }: Saving,
  { platform, onProgress }: TransferOptions,
  signal: AbortSignal,
): Promise<Result<{ readonly bytes: number }>> {
  const { client, version } = context;
  const what = images.length === 1 ? `image ${images[0]}` : `${images.length} images`;
  const bad = images.map(checkName).find((named) => !named.ok);
  if (bad && !bad.ok) return bad;
  if (images.length === 0) return failure({ kind: "notFound", what: "an image to save", message: "no image is named" });
  if (platform && !takesPlatform(version, "1.48"))
    return failure({
      kind: "unsupported",
      what,
      message: "the engine can't save a single platform; Docker can from 28.0",
    });
  if (await isFolder(file)) return failure({ kind: "notWritten", what: file, message: `${file} is a folder` });
  const query = { names: images.map(wholeName), ...(platform && { platform: platformParameter(platform) }) };
  const explain = (refusal: Refusal): OciError | undefined => unknownToPodman(refusal, what);
  return whole(file, async (handle) => {
    onProgress?.({ readBytes: 0, label: "Preparing" });
    const stream = await client.open(
      { path: "/images/get", query, apiVersion: version.apiVersion, what, timeoutMs: workTimeoutMs, explain },
      signal,
    );
    return stream.ok
      ? receive(stream.value, { handle, what, endpoint: client.connection.endpoint, onProgress }, signal)
      : stream;
  });
}

export interface Saving {
  readonly images: readonly string[];
  readonly file: string;
}

/** Completes a name, since a bare one would stand for all its tags. An ID is kept. */
function wholeName(image: string): string {
  if (parseDigest(image)) return image;
  const parsed = parseReference(image);
  return parsed.ok ? formatReference(withDefaultTag(parsed.value)) : image;
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Podman answers 500 for an image it doesn't have. */
function unknownToPodman({ reason }: Refusal, what: string): OciError | undefined {
  return /image not known/.test(reason) ? { kind: "notFound", what, message: reason } : undefined;
}

/** Creates the file only after all of it was received. On any failure nothing is left. */
async function whole<T>(file: string, write: (handle: FileHandle) => Promise<Result<T>>): Promise<Result<T>> {
  const notWritten = (reason: string) =>
    failure({ kind: "notWritten", what: file, message: `${file} can't be written: ${reason}` } as const);
  let written: Result<T> = notWritten("no data received");
  const receive = async (handle: FileHandle): Promise<boolean> => (written = await write(handle)).ok;
  try {
    // As docker save does: an image may contain private data.
    await replaceFile(file, receive, { mode: 0o600 });
    return written;
  } catch (thrown) {
    if (!isSystemError(thrown) && !(thrown instanceof NotWrittenError)) throw thrown;
    return notWritten(thrown.message);
  }
}

interface Receiving {
  readonly handle: FileHandle;
  readonly what: string;
  readonly endpoint: string;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** A tar ends with two blocks of zeros; an error at the end is one line of JSON instead. */
const endBytes = 1024;
const keptBytes = 16 * 1024; // A received chunk is larger and is kept as it is.
const idleMs = 30_000; // Bytes already in transit have arrived by then.

async function receive(
  stream: IncomingMessage,
  { handle, what, endpoint, onProgress }: Receiving,
  signal: AbortSignal,
): Promise<Result<{ readonly bytes: number }>> {
  const received: Received = { bytes: 0, tail: Buffer.alloc(0) };
  const onChunk = (): void => onProgress?.({ readBytes: received.bytes, label: "Receiving" });
  const onWait = (waitedMs: number): void =>
    onProgress?.({ readBytes: 0, label: `Preparing (${durationText(waitedMs)})` });
  const moving = keepMoving(stream, { idleMs, firstMs: workTimeoutMs, onWait });
  try {
    await pipeline(
      moving.chunks,
      (source: AsyncIterable<Buffer>) => counted(source, received, onChunk),
      // A stream of the handle would close it, but its opener owns it.
      (source: AsyncIterable<Buffer>) => handle.writeFile(source),
      { signal },
    );
  } catch (thrown) {
    signal.throwIfAborted();
    if (isSystemError(thrown) && thrown.syscall === "write") throw thrown;
    return failure(brokenStream(thrown, { what, endpoint }));
  }
  const { bytes, tail } = received;
  const isWhole = tail.length >= endBytes && tail.subarray(-endBytes).every((byte) => byte === 0);
  if (isWhole) return success({ bytes });
  const reason = trailingErrorOf(tail.toString("utf8")) ?? "the archive is truncated";
  return failure({ kind: "badAnswer", endpoint, message: `${endpoint} sent only part of ${what}: ${reason}` });
}

interface Received {
  bytes: number;
  tail: Buffer;
}

async function* counted(
  source: AsyncIterable<Buffer>,
  received: Received,
  onChunk: () => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    received.bytes += chunk.length;
    received.tail = chunk.length >= keptBytes ? chunk : Buffer.concat([received.tail, chunk]).subarray(-keptBytes);
    onChunk();
    yield chunk;
  }
}

function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && "syscall" in thrown;
}
