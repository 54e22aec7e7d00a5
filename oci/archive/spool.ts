import { mkdtemp, open, rm, statfs, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatBytes } from "../core/bytes.ts";
import { failure, success, type Result } from "../core/error.ts";
import { decompress, readProblem } from "../tar/decompress.ts";

export interface SpoolOptions {
  /** The name of the stream in errors. */
  readonly what: string;
  /** The folder of the copy. Defaults to the system's temporary folder. */
  readonly folder?: string;
  /** Called after each chunk with the number of bytes read from the stream. */
  readonly onRead?: (bytes: number) => void;
  /** Called with each piece of the decompressed stream, and awaited. */
  readonly onPiece?: ((piece: Buffer) => Promise<void>) | undefined;
  /** The maximum size of the copy. Defaults to most of the free space on its disk. */
  readonly maxBytes?: number;
}

/** A private copy on disk that is deleted when closed. */
export interface Spool {
  readonly file: FileHandle;
  readonly length: number;
  close(): Promise<void>;
}

const maxSpoolBytes = 256 * 1024 ** 3; // Larger than any image seen.
// The share of free space that may be used: compressed data can grow a thousandfold, and a full disk stops everything
// else on the machine.
const spoolShare = 0.9;

/**
 * Copies a stream to a private file, decompressed, so that it can be read in any order: most archives have manifests
 * after blobs.
 */
export async function spool(
  stream: AsyncIterable<Buffer>,
  options: SpoolOptions,
  signal: AbortSignal,
): Promise<Result<Spool>> {
  const { what, folder = tmpdir() } = options;
  try {
    const maxBytes = options.maxBytes ?? (await roomIn(folder));
    return await copyInto(await openPrivate(folder), stream, { ...options, folder, maxBytes }, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown error";
    return failure({
      kind: "unauthorized",
      what,
      message: `can't unpack into ${folder} (${code}); make it writable or set another folder (TMPDIR)`,
    });
  }
}

async function copyInto(
  target: PrivateFile,
  stream: AsyncIterable<Buffer>,
  { what, onRead, onPiece, folder, maxBytes }: SpoolOptions & { readonly folder: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Result<Spool>> {
  try {
    const plain = await decompress(what, counted(stream, onRead));
    if (!plain.ok) return await discard(target, plain);
    let length = 0;
    for await (const chunk of plain.value) {
      signal.throwIfAborted();
      if (length + chunk.length > maxBytes)
        return await discard(
          target,
          failure({
            kind: "tooLarge",
            what,
            message: `it unpacks to more than the ${formatBytes(maxBytes)} allowed in ${folder}; free some space or set another folder (TMPDIR)`,
          }),
        );
      await Promise.all([writeAll(target.file, chunk, length), onPiece?.(chunk)]);
      length += chunk.length;
    }
    return success({ file: target.file, length, close: target.close });
  } catch (thrown) {
    await target.close();
    return failure(spoolProblem(what, thrown, signal));
  }
}

async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.min(Math.floor(bavail * bsize * spoolShare), maxSpoolBytes);
}

/** Writes a whole chunk. A nearly full disk accepts part of a write before it refuses the rest. */
async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

interface PrivateFile {
  readonly file: FileHandle;
  close(): Promise<void>;
}

/**
 * Opens a file that only this user can access (mkdtemp makes 0700 folders). If the system allows, it is unlinked at
 * once, so that a crash leaves nothing on disk.
 */
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
  if (isFull)
    return {
      kind: "tooLarge",
      what,
      message: "the disk is full; free some space in the temporary folder (TMPDIR) or name another one",
    };
  return readProblem(what, thrown, signal);
}

async function* counted(
  stream: AsyncIterable<Buffer>,
  onRead: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    yield chunk;
    onRead?.(chunk.length);
  }
}
