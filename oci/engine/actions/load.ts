import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import { decompress, readProblem, sniffCompression, type Compression } from "../../tar/decompress.ts";
import { followProgress, takesPlatform, type ActionContext } from "./context.ts";
import type { TransferOptions } from "./actions.ts";
import { familiar, platformParameter, wholeId } from "../names.ts";
import type { ProgressLine } from "./progress.ts";
import { isAtLeast, type EngineVersion } from "../version.ts";
import type { Progress } from "../../source/source.ts";
import { blockBytes, decodeHeader } from "../../tar/header.ts";

/** Loads an archive. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageLoad */
export async function load(
  context: ActionContext,
  file: string,
  options: TransferOptions,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  if (options.platform && !takesPlatform(context.version, "1.48")) {
    return failure({
      kind: "unsupported",
      what: file,
      message: "the engine can't load a single platform; Docker can from 28.0",
    });
  }
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const archive = await recognise(handle, file);
    return archive.ok ? await send(context, { ...archive.value, file, handle }, options, signal) : archive;
  } catch (thrown) {
    return failure(readProblem(file, thrown, signal));
  } finally {
    await handle?.close();
  }
}

interface ArchiveFile {
  readonly file: string;
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly compression: Compression;
}

/**
 * Checks that the file is an archive. An engine that receives anything else may close the connection early, and its
 * reason is lost.
 */
async function recognise(
  handle: FileHandle,
  file: string,
): Promise<Result<Pick<ArchiveFile, "bytes" | "compression">>> {
  const found = await handle.stat();
  if (!found.isFile())
    return failure({ kind: "badArchive", what: file, message: "engines can load only archives, not folders" });
  const first = Buffer.alloc(blockBytes);
  await handle.read(first, 0, blockBytes, 0);
  const compression = sniffCompression(first);
  const isArchive = compression !== "none" || decodeHeader(first).kind === "header";
  return isArchive
    ? success({ bytes: found.size, compression })
    : failure({ kind: "badArchive", what: file, message: "neither a tar archive nor a compressed one" });
}

const maxNames = 100_000; // More than any engine's images; stops an endless stream.

// The whole archive is sent before the response, however slow the connection.
const timeoutMs = 24 * 60 * 60 * 1000;

async function send(
  context: ActionContext,
  archive: ArchiveFile,
  { platform, onProgress }: TransferOptions,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  const { client, version } = context;
  const { file } = archive;
  const problems: OciError[] = [];
  const content = needsPlain(archive.compression, version)
    ? await decompress(file, chunks(archive, onProgress))
    : success(chunks(archive, onProgress));
  if (!content.ok) return content;
  const body = Readable.from(
    noting(content.value, (thrown) => problems.push(readProblem(file, thrown, signal))),
    { objectMode: false },
  );
  try {
    const query = { quiet: 0, ...(platform && { platform: platformParameter(platform) }) };
    const stream = await client.open(
      { method: "POST", path: "/images/load", query, body, apiVersion: version.apiVersion, what: file, timeoutMs },
      signal,
    );
    const loaded: string[] = [];
    const onLine = ({ stream: text = "" }: ProgressLine): void => {
      for (const name of loadedNames(text)) if (loaded.length < maxNames) loaded.push(name);
    };
    const followed = stream.ok
      ? await followProgress(context, stream.value, { what: file, explain: () => undefined, onLine }, signal)
      : stream;
    const [problem] = problems;
    if (problem) return failure(problem);
    return followed.ok ? success(loaded) : followed;
  } finally {
    body.destroy();
  }
}

/**
 * True if the archive must be decompressed first. Docker reads gzip, and zstd from 23.0 on; Podman 4.3 fails for a
 * compressed archive sent through its API. Formats that we can't decompress are left to the engine.
 */
function needsPlain(compression: Compression, version: EngineVersion): boolean {
  return (
    (compression === "gzip" && version.flavour === "podman") ||
    (compression === "zstd" && (version.flavour === "podman" || !isAtLeast(version, "1.42")))
  );
}

const chunkBytes = 1024 * 1024;

async function* chunks(
  { handle, bytes }: ArchiveFile,
  onProgress: ((progress: Progress) => void) | undefined,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of handle.createReadStream({
    start: 0,
    highWaterMark: chunkBytes,
    autoClose: false,
  }) as AsyncIterable<Buffer>) {
    yield chunk;
    sent += chunk.length;
    onProgress?.({
      readBytes: Math.min(sent, bytes),
      totalBytes: bytes,
      label: sent < bytes ? "Sending" : "Unpacking",
    });
  }
}

/** Records errors in reading the file. A connection closed by the engine surfaces in the stream in the same way. */
async function* noting(source: AsyncIterable<Buffer>, note: (thrown: unknown) => void): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<Buffer>> =>
    iterator.next().catch((thrown: unknown) => {
      note(thrown);
      throw thrown;
    });
  try {
    for (let step = await next(); step.done !== true; step = await next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}

/** Reads `Loaded image: a:1` and `Loaded image ID: sha256:…`; Podman lists several in a row. */
function loadedNames(text: string): readonly string[] {
  const lists = text.split("\n").flatMap((line) => /^Loaded image(?: ID)?: (.+)$/.exec(line.trim())?.[1] ?? []);
  return lists.flatMap((list) => list.split(",")).map((name) => familiar(wholeId(name.trim())));
}
