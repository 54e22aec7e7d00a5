import type { Readable } from "node:stream";

export interface MovingBounds {
  /** How long nothing may come once bytes have come; as long as fewer than {@link minBytesPerSecond} may. */
  readonly idleMs: number;
  /** How long the first byte may take. */
  readonly firstMs: number;
  /** Told each second of waiting for the first byte. */
  readonly onWait?: (waitedMs: number) => void;
}

/** Slower than this nobody waits for an image; a stream that drips is as good as one that stands still. */
export const minBytesPerSecond = 100;

export interface MovingStream {
  /** Throws where the stream stands still. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Why it was given up. */
  stalled(): string | undefined;
}

/** A stream that is given up where it stands still. Only waiting for it counts, not what is done between two chunks. */
export function keepMoving(stream: Readable, bounds: MovingBounds): MovingStream {
  let reason: string | undefined;
  const giveUp = (why: string): void => {
    reason ??= why;
    stream.destroy(new Error(why));
  };
  const chunks = async function* (): AsyncGenerator<Buffer> {
    const rate = createRateCheck(bounds.idleMs);
    let stop = watchFirst(bounds, giveUp);
    let start = Date.now();
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        stop();
        if (rate.isTooSlow(Date.now() - start, chunk.length))
          giveUp(`it sent less than ${minBytesPerSecond} bytes a second for ${bounds.idleMs / 1000} s`);
        if (reason !== undefined) throw new Error(reason);
        yield chunk;
        start = Date.now();
        const timer = setTimeout(() => giveUp(`it sent nothing for ${bounds.idleMs / 1000} s`), bounds.idleMs);
        stop = () => clearTimeout(timer);
      }
    } finally {
      stop();
    }
  };
  return { chunks: chunks(), stalled: () => reason };
}

/** Tells of the wait for the first byte, until it is over. */
function watchFirst({ firstMs, onWait }: MovingBounds, giveUp: (why: string) => void): () => void {
  const start = Date.now();
  const timer = setInterval(
    () => {
      const waitedMs = Date.now() - start;
      if (waitedMs >= firstMs) giveUp(`it sent nothing within ${Math.round(firstMs / 60_000)} minutes`);
      else onWait?.(waitedMs);
    },
    Math.min(1000, firstMs),
  );
  return () => clearInterval(timer);
}

/** Sums up waits and bytes; a first look is due once `idleMs` have been waited in all. */
export function createRateCheck(idleMs: number): { isTooSlow(waitedMs: number, bytes: number): boolean } {
  let waited = 0;
  let received = 0;
  return {
    isTooSlow: (waitedMs, bytes) => {
      waited += waitedMs;
      received += bytes;
      if (waited < idleMs) return false;
      const isSlow = (received * 1000) / waited < minBytesPerSecond;
      [waited, received] = [0, 0];
      return isSlow;
    },
  };
}
