import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { AptSource } from "../../../size/apt/index/sources.ts";
import type { CompactPackages } from "../../../size/apt/index/packagesFile.ts";
import type { TextCache } from "./cache.ts";
import type { Fetch } from "./download.ts";
import { fetchAptIndexes, type FetchedIndexes } from "./indexes.ts";
import type { PackedIndex } from "./worker.ts";

/** Package indexes of Debian repositories, from the network or from the disk cache. */
export interface AptIndexes {
  /** The indexes of an image's own sources, for dpkg's name of an architecture. Rejects only if `signal` is aborted. */
  load(sources: readonly AptSource[], architecture: string, signal: AbortSignal): Promise<FetchedIndexes>;
}

export interface AptIndexesOptions {
  readonly fetch: Fetch;
  /** The store that keeps indexes between runs. */
  readonly cache: TextCache;
  /** `dist/packageIndexWorker.js`, or `worker.ts` when running from sources. */
  readonly workerPath?: string | URL;
}

export function createAptIndexes({ fetch, cache, workerPath }: AptIndexesOptions): AptIndexes {
  return {
    load: (sources, architecture, signal) => {
      const unpack = (...index: PackedIndex): Promise<CompactPackages | undefined> =>
        unpackInWorker(...index, workerPath);
      return fetchAptIndexes(sources, { fetch, cache, architecture, unpack }, signal);
    },
  };
}

function ownWorker(): string | URL {
  return typeof __dirname === "string"
    ? join(__dirname, "packageIndexWorker.js")
    : new URL("worker.ts", import.meta.url);
}

/** Unpacking and parsing Debian's main takes some 150 MB; a hostile index ends its worker, not the process. */
const maxHeapMb = 512;

/** Unpacks in a worker. Undefined if the worker dies, or if the index can't be unpacked. */
export function unpackInWorker(
  packed: Uint8Array,
  form: PackedIndex[1],
  workerPath = ownWorker(),
): Promise<CompactPackages | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(workerPath, {
      execArgv: [],
      workerData: [packed, form] satisfies PackedIndex,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    // Only this project's own worker replies.
    worker.once("message", (compact: CompactPackages | undefined) => resolve(compact));
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(undefined));
  });
}
