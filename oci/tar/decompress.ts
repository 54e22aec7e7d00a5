import { pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { zstdFrames } from "./zstdFrames.ts";

export type Compression = "none" | "gzip" | "zstd" | "xz" | "bzip2";

/**
 * The first bytes of each format (RFC 1952; RFC 8878, skippable frames first; the xz and bzip2 formats). Media types
 * may be wrong, so only these count.
 */
const magics: readonly {
  readonly compression: Compression;
  readonly bytes: readonly number[];
  readonly mask?: number;
}[] = [
  { compression: "gzip", bytes: [0x1f, 0x8b] },
  { compression: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: "zstd", bytes: [0x50, 0x2a, 0x4d, 0x18], mask: 0xf0 },
  { compression: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { compression: "bzip2", bytes: [0x42, 0x5a, 0x68] },
];

export const sniffedBytes = 6; // The longest of the magics.

/** Detects the compression of data from its first bytes. */
export function sniffCompression(first: Buffer): Compression {
  const found = magics.find(({ bytes, mask }) =>
    bytes.every((byte, index) => ((first[index] ?? -1) & (index === 0 ? (mask ?? 0xff) : 0xff)) === byte),
  );
  return found?.compression ?? "none";
}

/**
 * Decompresses a stream by its first bytes; an `unsupported` error if this Node version can't. Corrupt data throws
 * while it is read, see {@link readProblem}.
 */
export async function decompress(what: string, source: AsyncIterable<Buffer>): Promise<Result<AsyncIterable<Buffer>>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await readFirst(iterator);
  const compression = sniffCompression(first);
  const whole = chain(first, iterator);
  if (compression === "none") return success(whole);
  const transform = createTransform(compression);
  if (transform) return success(transformed(compression === "zstd" ? zstdFrames(whole) : whole, transform));
  await iterator.return?.();
  return failure({ kind: "unsupported", what, message: unsupportedMessage(compression) });
}

/** Converts an exception from reading a stream to an error; cancellation is rethrown. */
export function readProblem(what: string, thrown: unknown, signal: AbortSignal): OciError {
  signal.throwIfAborted();
  const { code, message } =
    thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : { code: undefined, message: String(thrown) };
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE")
    return { kind: "badArchive", what, message: "could not be read: the connection was closed" };
  const isCompression = /^(Z_|ZSTD_|ERR_ZLIB)/.test(code ?? "");
  return {
    kind: "badArchive",
    what,
    message: isCompression
      ? `the compressed data is corrupt or truncated: ${message}`
      : `could not be read: ${message}`,
  };
}

const chunkBytes = 256 * 1024; // Fewer, larger steps: twice the speed of zlib's own 16 KiB.

function createTransform(compression: Compression): Transform | undefined {
  if (compression === "gzip") return zlib.createGunzip({ chunkSize: chunkBytes });
  // Available since Node 22.15 and 23.8; a bundle runs on older versions too.
  const { createZstdDecompress } = zlib as Partial<Pick<typeof zlib, "createZstdDecompress">>;
  return compression === "zstd" ? createZstdDecompress?.({ chunkSize: chunkBytes }) : undefined;
}

function unsupportedMessage(compression: Compression): string {
  if (compression === "zstd") return `zstd data needs Node 22.15 or later; this is Node ${process.versions.node}`;
  return `${compression} compression is not supported; convert it to gzip or zstd`;
}

/** Pipes the source through the transform. Errors of either side destroy the transform, and so reach its reader. */
function transformed(source: AsyncIterable<Buffer>, transform: Transform): AsyncIterable<Buffer> {
  return pipeline(source, transform, () => undefined);
}

async function readFirst(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0);
  while (first.length < sniffedBytes) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first = first.length === 0 ? value : Buffer.concat([first, value]);
  }
  return first;
}

async function* chain(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}
