import { getHeapStatistics } from "node:v8";
import { formatBytes } from "../core/bytes.ts";

const share = 0.8; // Of what the thread may take; the rest is for what is made of the layers.

/** Why no more can be kept in memory: what the thread has taken, long texts and buffers outside of V8's heap too, which no limit of a worker counts. Undefined where there is room. */
export function memoryExcess(): string | undefined {
  const { used_heap_size: used, external_memory: external, heap_size_limit: limit } = getHeapStatistics();
  return used + external > limit * share
    ? `reading it takes more than ${formatBytes(Math.floor(limit * share))} of memory`
    : undefined;
}
