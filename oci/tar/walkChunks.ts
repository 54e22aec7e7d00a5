import type { OciError } from "../core/error.ts";
import type { TarNeed, TarVisitor, TarWalk } from "./walk.ts";

/** Feeds a walk from a stream. Each chunk is first passed to `onChunk`, including those after the archive's end. */
export async function walkChunks(
  chunks: AsyncIterable<Buffer>,
  walk: TarWalk,
  visitor: TarVisitor,
  onChunk: (chunk: Buffer) => void,
): Promise<OciError | undefined> {
  const feed = startFeed(walk, visitor);
  for await (const chunk of chunks) {
    onChunk(chunk);
    feedChunk(feed, chunk);
    if (feed.step.done === true && feed.step.value) return feed.step.value;
  }
  while (feed.step.done !== true) {
    const gift = feed.step.value.kind === "read" ? Buffer.concat(feed.pending) : feed.left === 0 ? "passed" : "cut";
    feed.pending = [];
    feed.step = walk.next(gift);
    feed.left = needed(feed);
  }
  return feed.step.value;
}

/** Feeds a walk chunk by chunk, for callers that also use the chunks for other purposes. */
export function createTarFeed(walk: TarWalk, visitor: TarVisitor): { write(chunk: Buffer): void } {
  const feed = startFeed(walk, visitor);
  return { write: (chunk) => feedChunk(feed, chunk) };
}

function startFeed(walk: TarWalk, visitor: TarVisitor): Feed {
  const feed: Feed = { walk, visitor, step: walk.next(), left: 0, pending: [] };
  feed.left = needed(feed);
  return feed;
}

interface Feed {
  readonly walk: TarWalk;
  readonly visitor: TarVisitor;
  step: IteratorResult<TarNeed, OciError | undefined>;
  /** Bytes of the current need that are still missing. */
  left: number;
  pending: Buffer[];
}

function needed({ step }: Feed): number {
  return step.done === true ? 0 : step.value.bytes;
}

function feedChunk(feed: Feed, chunk: Buffer): void {
  for (let start = 0; feed.step.done !== true;) {
    const { kind } = feed.step.value;
    const part = chunk.subarray(start, start + feed.left);
    start += part.length;
    feed.left -= part.length;
    if (kind === "content" && part.length > 0) feed.visitor.content(part);
    if (kind === "read" && (feed.left > 0 || feed.pending.length > 0)) feed.pending.push(part);
    if (feed.left > 0) return;
    const gift = kind !== "read" ? "passed" : feed.pending.length > 0 ? Buffer.concat(feed.pending) : part;
    feed.pending = [];
    feed.step = feed.walk.next(gift);
    feed.left = needed(feed);
  }
}
