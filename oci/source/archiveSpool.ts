import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure, success, type Result } from "../core/error.ts";
import { decompress, readProblem } from "./decompress.ts";

export interface SpoolOptions {
  /** Names the stream in errors. */
  readonly what: string;
  /** Where the copy goes; the system's temporary folder where absent. */
  readonly folder?: string;
  /** Told the bytes read from the stream, after each chunk. */
  readonly onRead?: (bytes: number) => void;
  readonly maxBytes?: number;
}

/** A private copy on disk that goes when it is closed. */
export interface Spool {
  readonly file: FileHandle;
  readonly length: number;
  close(): Promise<void>;
}

const maxSpoolBytes = 256 * 1024 ** 3; // Larger than any image seen; stops an endless stream before the disk is full of it on most machines.

/** Copies a stream to a private file, decompressed, so that it can be read in any order: manifests come after blobs in most archives. */
export async function spool(stream: AsyncIterable<Buffer>, options: SpoolOptions, signal: AbortSignal): Promise<Result<Spool>> {
  const { what, onRead, maxBytes = maxSpoolBytes } = options;
  const private_ = await openPrivate(options.folder ?? tmpdir());
  try {
    const plain = await decompress(what, counted(stream, onRead));
    if (!plain.ok) return await discard(private_, plain);
    let length = 0;
    for await (const chunk of plain.value) {
      signal.throwIfAborted();
      if (length + chunk.length > maxBytes) return await discard(private_, failure({ kind: "tooLarge", what, message: `it has more than ${maxBytes} bytes` }));
      await writeAll(private_.file, chunk, length);
      length += chunk.length;
    }
    return success({ file: private_.file, length, close: private_.close });
  } catch (thrown) {
    await private_.close();
    return failure(spoolProblem(what, thrown, signal));
  }
}

/** A nearly full disk takes a part of a write before it refuses the rest. */
async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

interface PrivateFile {
  readonly file: FileHandle;
  close(): Promise<void>;
}

/** A file that only this user can open (mkdtemp makes 0700 folders); where the system allows it, it has no name any more, so that a crash leaves nothing behind. */
async function openPrivate(parent: string): Promise<PrivateFile> {
  const folder = await mkdtemp(join(parent, "imagewright-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const file = await open(join(folder, "archive.tar"), "wx+", 0o600);
    if (process.platform !== "win32") await remove();
    const close = async (): Promise<void> => {
      await file.close();
      await remove();
    };
    return { file, close };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

async function discard<T>({ close }: PrivateFile, problem: Result<T> & { readonly ok: false }): Promise<Result<Spool>> {
  await close();
  return problem;
}

function spoolProblem(what: string, thrown: unknown, signal: AbortSignal): ReturnType<typeof readProblem> {
  const isFull = thrown instanceof Error && "code" in thrown && (thrown.code === "ENOSPC" || thrown.code === "EDQUOT");
  if (isFull) return { kind: "tooLarge", what, message: "the disk is full; free some space in the temporary folder (TMPDIR) or name another one" };
  return readProblem(what, thrown, signal);
}

async function* counted(stream: AsyncIterable<Buffer>, onRead: ((bytes: number) => void) | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    yield chunk;
    onRead?.(chunk.length);
  }
}
