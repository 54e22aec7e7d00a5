import { setImmediate } from "node:timers/promises";
import { failure, success, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { durationText } from "../core/text.ts";
import type { Archive, ArchiveOptions } from "../archive/archive.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import type { Progress } from "../source/source.ts";

/** Save streams, each open as an archive while it is in use. */
export interface SharedStreams {
  /** Uses the stream's archive, opening it if necessary; `receivedBytes` is the number of bytes that opening read. */
  use<T>(stream: Stream, caller: StreamCaller, act: Act<T>): Promise<Result<T>>;
  /** Resolves when all streams have been read. */
  idle(): Promise<void>;
}

export interface Stream {
  /** Identifies the stream. */
  readonly key: string;
  /** The image in the stream. */
  readonly image: Image;
  readonly open: (report: StreamReport, signal: AbortSignal) => Promise<Result<Archive>>;
}

/** Receives the progress of a stream. */
export interface StreamReport {
  onRead(bytes: number): void;
  /** Called while no data has arrived. */
  onWait(waitedMs: number): void;
}

export interface StreamCaller {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

type Act<T> = (archive: Archive, receivedBytes: number) => Promise<Result<T>>;

export function shareStreams({ cache }: ArchiveOptions): SharedStreams {
  const opening = createSingleFlight<Result<OpenStream>>();
  const open = new Map<string, OpenStream>();
  const closing = new Set<Promise<void>>();
  const listeners = new Map<string, Set<(progress: Progress) => void>>();
  const start = async (stream: Stream, signal: AbortSignal): Promise<Result<OpenStream>> => {
    const report = reportTo((progress) => {
      for (const tell of listeners.get(stream.key) ?? []) tell(progress);
    });
    const archive = await stream.open(report, signal);
    if (!archive.ok) return archive;
    // All its readers have gone.
    if (signal.aborted) await archive.value.close();
    signal.throwIfAborted();
    const item = new OpenStream(archive.value, report.receivedBytes());
    open.set(stream.key, item);
    const closed = item
      .readAhead(stream.image, cache === undefined ? [] : stream.image.layers)
      .finally(() => open.delete(stream.key))
      .then(() => archive.value.close())
      .finally(() => closing.delete(closed));
    closing.add(closed);
    return success(item);
  };
  return {
    use: async (stream, { onProgress, signal }, act) => {
      const known = open.get(stream.key);
      if (known) return known.use(act, signal);
      const telling = listeners.get(stream.key) ?? new Set();
      listeners.set(stream.key, telling);
      if (onProgress) telling.add(onProgress);
      try {
        const started = await opening.run(stream.key, (until) => start(stream, until), signal);
        return started.ok ? await started.value.use(act, signal) : failure(started.error);
      } finally {
        if (onProgress) telling.delete(onProgress);
        if (telling.size === 0) listeners.delete(stream.key);
      }
    },
    idle: async () => {
      while (closing.size > 0) await Promise.allSettled(closing);
    },
  };
}

/** Describes the progress of a stream in words. */
function reportTo(tell: (progress: Progress) => void): StreamReport & { receivedBytes(): number } {
  let readBytes = 0;
  return {
    onRead(bytes) {
      readBytes += bytes;
      tell({ readBytes, label: "receiving the image from the engine" });
    },
    onWait: (waitedMs) =>
      tell({ readBytes, label: `waiting for the engine to prepare the image (${durationText(waitedMs)})` }),
    receivedBytes: () => readBytes,
  };
}

/** An open archive and its readers. */
class OpenStream {
  readonly #archive: Archive;
  readonly #receivedBytes: number;
  readonly #uses = new Set<Promise<unknown>>();
  readonly #ahead = new AbortController();

  constructor(archive: Archive, receivedBytes: number) {
    this.#archive = archive;
    this.#receivedBytes = receivedBytes;
  }

  async use<T>(act: Act<T>, signal: AbortSignal): Promise<Result<T>> {
    const use = act(this.#archive, this.#receivedBytes);
    this.#uses.add(use);
    try {
      return await use;
    } finally {
      this.#uses.delete(use);
      // A reader that gave up doesn't need the rest either.
      if (signal.aborted && this.#uses.size === 0) this.#ahead.abort();
    }
  }

  /**
   * Reads layers that weren't requested into the cache while there are no requests. Resolves once the archive is no
   * longer used.
   */
  async readAhead(image: Image, layers: Image["layers"]): Promise<void> {
    const { signal } = this.#ahead;
    // Readers that waited for the archive come first.
    await setImmediate();
    for (const { diffId } of layers) {
      await this.#quiet();
      if (signal.aborted) break;
      const read = await this.#archive.layers(image, { wanted: [diffId] }, signal).catch(() => undefined);
      if (!read?.ok) break;
    }
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    while (this.#uses.size > 0) await Promise.allSettled(this.#uses);
  }
}
