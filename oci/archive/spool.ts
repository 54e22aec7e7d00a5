import { mkdtemp, open, rm, statfs, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatBytes } from "../core/bytes.ts";
import { failure, success, type Result } from "../core/error.ts";
import { decompress, readProblem } from "../tar/decompress.ts";

export interface SpoolOptions {
  /** Names the stream in errors. */
  readonly what: string;
  /** Where the copy goes; the system's temporary folder where absent. */
  readonly folder?: string;
  /** Told the bytes read from the stream, after each chunk. */
  readonly onRead?: (bytes: number) => void;
  /** Is given each piece of the decompressed stream, and waited for. */
  readonly onPiece?: ((piece: Buffer) => Promise<void>) | undefined;
  /** Of the copy; most of what is free on its disk where absent. */
  readonly maxBytes?: number;
}

/** A private copy on disk that goes when it is closed. */
export interface Spool {
  readonly file: FileHandle;
  readonly length: number;
  close(): Promise<void>;
}

const maxSpoolBytes = 256 * 1024 ** 3; // Larger than any image seen.
const spoolShare = 0.9; // Of what is free: compressed data can grow a thousandfold and more, and a full disk stops everything else that runs here.

/** Copies a stream to a private file, decompressed, so that it can be read in any order: manifests come after blobs in most archives. */
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

/** A nearly full disk takes a part of a write before it refuses the rest. */
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
