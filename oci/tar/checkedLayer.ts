import { createHash } from "node:crypto";
import type { Digest } from "../core/digest.ts";
import type { Result } from "../core/error.ts";
import { readLayer, type LayerRead, type LayerReadOptions } from "./layerEntries.ts";

/** The result of reading a blob that a digest names. */
export interface CheckedBlob<T> {
  readonly read: Result<T>;
  /**
   * The digest and size of the whole blob as stored; absent if reading stopped early because more bytes couldn't help.
   */
  readonly stored?: { readonly digest: string; readonly bytes: number };
}

/** Reads a layer and computes the digest of its whole blob. */
export function readCheckedLayer(
  blob: AsyncIterable<Buffer>,
  { digest, ...options }: LayerReadOptions & { readonly digest: Digest },
  signal: AbortSignal,
): Promise<CheckedBlob<LayerRead>> {
  return readCheckedBlob(blob, digest, (bytes) => readLayer(bytes, options, signal));
}

/**
 * Reads from a blob and computes the digest of the whole blob, even if the reader stops at the end of the archive or of
 * the part it understands.
 */
export async function readCheckedBlob<T>(
  blob: AsyncIterable<Buffer>,
  digest: Digest,
  readBlob: (blob: AsyncIterable<Buffer>) => Promise<Result<T>>,
): Promise<CheckedBlob<T>> {
  const [algorithm = ""] = digest.split(":", 1);
  const hash = createHash(algorithm);
  let bytes = 0;
  const noted = noting(blob, (piece) => {
    hash.update(piece);
    bytes += piece.length;
  });
  try {
    const read = await readBlob(unclosed(noted));
    if (!read.ok && (read.error.kind === "unsupported" || read.error.kind === "tooLarge")) return { read };
    while ((await noted.next()).done !== true) continue;
    return { read, stored: { digest: `${algorithm}:${hash.digest("hex")}`, bytes } };
  } finally {
    await noted.return(undefined);
  }
}

async function* noting(blob: AsyncIterable<Buffer>, note: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of blob) {
    note(piece);
    yield piece;
  }
}

/** Keeps the source open when its reader stops, so that the rest can be read. */
async function* unclosed(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for (let step = await source.next(); step.done !== true; step = await source.next()) yield step.value;
}
