import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLru } from "./lru.ts";

/** Downloaded blobs that are kept on disk for a short time, because several questions about an image need them. */
export interface KeptBlobs {
  /** Runs work on one blob after earlier work on it has ended, so that it finds what that has kept. */
  inTurn<T>(key: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The bytes of a kept blob, as they were downloaded; undefined if it isn't kept. */
  read(key: string): AsyncIterable<Buffer> | undefined;
  /** Passes the bytes of a download on, and keeps them if they are read to the end and have this length. */
  keep(key: string, length: number, body: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  drop(key: string): void;
  dropAll(): void;
}

export interface KeptBlobsOptions {
  /** Defaults to the system's temporary folder. */
  readonly folder?: string;
  /** For all blobs together. */
  readonly maxBytes?: number;
  /** Blobs are kept for this long after the last one was used. */
  readonly forMs?: number;
}

const defaults = { maxBytes: 256 * 1024 * 1024, forMs: 2 * 60 * 1000 };

interface Kept {
  readonly file: FileHandle;
  readonly length: number;
  readers: number;
  isDropped: boolean;
}

/** Creates an empty store. Its files have no names, so nothing is left of them when this process ends. */
export function createKeptBlobs({
  folder = tmpdir(),
  maxBytes = defaults.maxBytes,
  forMs = defaults.forMs,
}: KeptBlobsOptions = {}): KeptBlobs {
  const blobs = createLru<string, Kept>(maxBytes, ({ length }) => length, release);
  const drop = (key: string): void => {
    const kept = blobs.get(key);
    blobs.delete(key);
    if (kept) release(kept);
  };
  const dropAll = (): void => [...blobs.entries()].forEach(([key]) => drop(key));
  let timer: NodeJS.Timeout | undefined;
  const dropLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(dropAll, forMs).unref();
  };
  return {
    inTurn: createTurns(),
    read(key) {
      const kept = blobs.get(key);
      if (kept) dropLater();
      return kept && chunksOf(kept);
    },
    async *keep(key, length, body) {
      const file = length > maxBytes ? undefined : await openNameless(folder);
      const copy = file && { file, length, readers: 0, isDropped: false };
      let isWhole = false;
      try {
        isWhole = yield* copying(body, copy);
      } finally {
        if (copy && isWhole) {
          drop(key);
          blobs.set(key, copy);
          dropLater();
        } else await file?.close();
      }
    },
    drop,
    dropAll,
  };
}

function createTurns(): KeptBlobs["inTurn"] {
  const turns = new Map<string, Promise<unknown>>();
  return async (key, work, signal) => {
    const own = runAfter(turns.get(key), work, signal);
    turns.set(key, own);
    try {
      return await own;
    } finally {
      if (turns.get(key) === own) turns.delete(key);
    }
  };
}

async function runAfter<T>(
  before: Promise<unknown> | undefined,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (before) await settled(before, signal);
  signal.throwIfAborted();
  return work();
}

/** Waits until a promise is settled, or until the signal is aborted. */
function settled(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
    promise.then(end, end);
  });
}

/** A file for this process only; undefined if there can't be one. Windows doesn't remove the name of an open file. */
async function openNameless(folder: string): Promise<FileHandle | undefined> {
  if (process.platform === "win32") return undefined;
  const own = await mkdtemp(join(folder, "imagewright-blob-")).catch(() => undefined);
  if (own === undefined) return undefined;
  const file = await open(join(own, "blob"), "wx+", 0o600).catch(() => undefined);
  await rm(own, { recursive: true, force: true });
  return file;
}

/** Passes chunks on and writes them to a file; returns true if all of them are there. */
async function* copying(body: AsyncIterable<Buffer>, copy: Kept | undefined): AsyncGenerator<Buffer, boolean> {
  let written = 0;
  let isWritten = copy !== undefined;
  for await (const chunk of body) {
    if (copy && isWritten) isWritten = await write(copy.file, chunk);
    written += chunk.length;
    yield chunk;
  }
  return isWritten && written === copy?.length;
}

/** False if the disk is full, for example. */
async function write(file: FileHandle, chunk: Buffer): Promise<boolean> {
  return file.appendFile(chunk).then(
    () => true,
    () => false,
  );
}

const chunkBytes = 256 * 1024;

async function* chunksOf(kept: Kept): AsyncGenerator<Buffer> {
  kept.readers++;
  try {
    for (let position = 0; position < kept.length;) {
      const { buffer, bytesRead } = await kept.file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    kept.readers--;
    if (kept.isDropped) release(kept);
  }
}

/** Closes a file once no one reads it. */
function release(kept: Kept): void {
  kept.isDropped = true;
  if (kept.readers === 0) void kept.file.close().catch(() => undefined);
}
