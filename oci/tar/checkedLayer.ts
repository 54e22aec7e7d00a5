import { createHash } from "node:crypto";
import type { Digest } from "../core/digest.ts";
import type { Result } from "../core/error.ts";
import { readLayer, type LayerRead, type LayerReadOptions } from "./layerEntries.ts";

/** What became of a blob that a digest names. */
export interface CheckedBlob<T> {
  readonly read: Result<T>;
  /** Of the whole blob as stored; absent where it was left before its end, since no other bytes would mend what is wrong with it. */
  readonly stored?: { readonly digest: string; readonly bytes: number };
}

/** Reads a layer and, to its last byte, the digest of its blob. */
export function readCheckedLayer(
  blob: AsyncIterable<Buffer>,
  { digest, ...options }: LayerReadOptions & { readonly digest: Digest },
  signal: AbortSignal,
): Promise<CheckedBlob<LayerRead>> {
  return readCheckedBlob(blob, digest, (bytes) => readLayer(bytes, options, signal));
}

/** Reads something of a blob and, to its last byte, the blob's digest: a reader may stop at the end of the archive or of what it understands. */
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

/** Leaves the rest to be read where its reader stops. */
async function* unclosed(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for (let step = await source.next(); step.done !== true; step = await source.next()) yield step.value;
}
