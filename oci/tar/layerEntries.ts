import * as crypto from "node:crypto";
import { formatBytes } from "../core/bytes.ts";
import { parseDigest, type DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type Result } from "../core/error.ts";
import { decompress, readProblem } from "./decompress.ts";
import { createCollector } from "./layerCollector.ts";
import { memoryExcess } from "./memory.ts";
import { tarLimits, walkTar, type TarLimits } from "./walk.ts";
import { walkChunks } from "./walkChunks.ts";

export interface LayerReadOptions {
  /** The name of the layer in errors. */
  readonly what: string;
  /** The DiffID in the config; content with another one is a `digestMismatch`. */
  readonly diffId?: DiffId;
  /** Called after each chunk with the number of stored bytes read from the stream. */
  readonly onRead?: (bytes: number) => void;
  readonly limits?: TarLimits;
}

export interface LayerRead {
  readonly content: LayerContent;
  /** Computed from the tar. */
  readonly diffId: DiffId;
}

/**
 * Reads a layer blob, plain or compressed: its entries with the SHA-256 of every file, its markers and its DiffID. Of
 * entries with the same path the last is kept; earlier files count as shipped.
 */
export async function readLayer(
  blob: AsyncIterable<Buffer>,
  options: LayerReadOptions,
  signal: AbortSignal,
): Promise<Result<LayerRead>> {
  const { what, diffId: wanted, limits = tarLimits } = options;
  try {
    const tar = await decompress(what, counted(blob, options, signal));
    if (!tar.ok) return tar;
    const collector = createCollector(what, limits);
    const hash = crypto.createHash(algorithmOf(wanted));
    const content = upTo(limits.layerBytes, tar.value);
    const excess = createMemoryCheck();
    const error = await walkChunks(
      content.chunks,
      walkTar(what, collector.visitor, limits),
      collector.visitor,
      (chunk) => (hash.update(chunk), excess.note(chunk.length)),
    );
    if (content.isCut())
      return failure({ kind: "tooLarge", what, message: `it unpacks to more than ${formatBytes(limits.layerBytes)}` });
    if (error) return failure(error);
    const diffId = parseDigest(`${algorithmOf(wanted)}:${hash.digest("hex")}`) as DiffId;
    if (wanted !== undefined && wanted !== diffId)
      return failure({
        kind: "digestMismatch",
        what,
        message: `the content has DiffID ${diffId}, but the image config says ${wanted}`,
      });
    return success({ content: collector.finish(), diffId });
  } catch (thrown) {
    if (thrown instanceof MemoryExcess) return failure({ kind: "tooLarge", what, message: thrown.message });
    return failure(readProblem(what, thrown, signal));
  }
}

// Between two memory checks; this much of a tar contains at most 60 MB of entries.
const checkedBytes = 16 * 1024 * 1024;

/** Throws a {@link MemoryExcess} if the data kept of a layer becomes too large. */
function createMemoryCheck(): { note(bytes: number): void } {
  let bytes = 0;
  return {
    note: (more) => {
      bytes += more;
      if (bytes < checkedBytes) return;
      bytes = 0;
      const excess = memoryExcess();
      if (excess !== undefined) throw new MemoryExcess(excess);
    },
  };
}

class MemoryExcess extends Error {}

/** Ends before the chunk that would exceed the limit. */
function upTo(
  maxBytes: number,
  source: AsyncIterable<Buffer>,
): { readonly chunks: AsyncIterable<Buffer>; isCut(): boolean } {
  let bytes = 0;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) return;
      yield chunk;
    }
  };
  return { chunks: chunks(), isCut: () => bytes > maxBytes };
}

async function* counted(
  blob: AsyncIterable<Buffer>,
  { onRead }: LayerReadOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of blob) {
    signal.throwIfAborted();
    yield chunk;
    onRead?.(chunk.length);
  }
}

function algorithmOf(digest: DiffId | undefined): string {
  return digest === undefined ? "sha256" : digest.slice(0, digest.indexOf(":"));
}
