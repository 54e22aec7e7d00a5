import { createRateCheck } from "../source/movingStream.ts";
import type { TransportResponse } from "./transport.ts";

/** The body of a response, read piece by piece. */
export interface StreamedBody {
  /** Throws if the body ends early; `stop` has the reason. */
  readonly pieces: AsyncIterable<Buffer>;
  stop(): BodyStop | undefined;
  /** Closes the connection if there is more to come. */
  close(): Promise<void>;
}

export type BodyStop =
  /** No data arrived for `idleMs`. */
  | { readonly kind: "stalled" }
  /** Data arrived so slowly that the body would never be complete. */
  | { readonly kind: "slow" }
  /** More than `maxBytes`. */
  | { readonly kind: "tooLong" }
  /** The connection broke, or the caller cancelled. */
  | { readonly kind: "broken"; readonly thrown: unknown };

export interface BodyBounds {
  readonly maxBytes: number;
  /** Only time spent waiting for the registry counts, not the reader's time between two pieces. */
  readonly idleMs: number;
}

/** Streams a body. It may take as long as it needs, as long as data keeps arriving. */
export function streamBody(response: Pick<TransportResponse, "body">, { maxBytes, idleMs }: BodyBounds): StreamedBody {
  const reader = response.body?.getReader();
  const rate = createRateCheck(idleMs);
  let stop: BodyStop | undefined;
  const next = async (): Promise<Uint8Array | undefined> => {
    const timer = setTimeout(() => {
      stop ??= { kind: "stalled" };
      void hangUp(reader);
    }, idleMs);
    const start = Date.now();
    try {
      const piece = (await reader?.read())?.value;
      if (piece && rate.isTooSlow(Date.now() - start, piece.length)) stop ??= { kind: "slow" };
      return piece;
    } catch (thrown) {
      stop ??= { kind: "broken", thrown };
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  const pieces = async function* (): AsyncGenerator<Buffer> {
    let length = 0;
    for (let piece = await next(); piece !== undefined; piece = await next()) {
      length += piece.length;
      if (length > maxBytes) stop = { kind: "tooLong" };
      if (stop) break;
      yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    }
    if (stop) throw new Error(`the body stopped: ${stop.kind}`);
  };
  return { pieces: pieces(), stop: () => stop, close: () => hangUp(reader) };
}

/** Cancels the reader. It fails if the body has failed, which `stop` reports already. */
async function hangUp(reader: ReadableStreamDefaultReader | undefined): Promise<void> {
  await reader?.cancel().catch(() => undefined);
}
