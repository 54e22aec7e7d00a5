import type { Readable } from "node:stream";

export interface MovingBounds {
  /**
   * The longest pause once bytes have arrived, in milliseconds. A stream that stays below {@link minBytesPerSecond}
   * for this time stalls too.
   */
  readonly idleMs: number;
  /** The longest wait for the first byte, in milliseconds. */
  readonly firstMs: number;
  /** Called each second while waiting for the first byte. */
  readonly onWait?: (waitedMs: number) => void;
}

/** The slowest useful speed for an image; a slower stream counts as stalled. */
export const minBytesPerSecond = 100;

export interface MovingStream {
  /** Throws if the stream stalls. */
  readonly chunks: AsyncIterable<Buffer>;
  /** The reason why the stream was aborted; undefined if it wasn't. */
  stalled(): string | undefined;
}

/** Aborts a stream that stalls. Only waiting for it counts, not the time spent between two chunks. */
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

/** Reports the wait for the first byte until it arrives. */
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

/** Adds up waits and bytes; checks once a total of `idleMs` was spent waiting. */
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
