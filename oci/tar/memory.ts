import { getHeapStatistics } from "node:v8";
import { formatBytes } from "../core/bytes.ts";

const share = 0.8; // Of the thread's limit; the rest is for the results computed from layers.

/**
 * The reason why no more data can be kept in memory; undefined if there is room. Counts the thread's memory including
 * long texts and buffers outside of V8's heap, which a worker's limits don't count.
 */
export function memoryExcess(): string | undefined {
  const { used_heap_size: used, external_memory: external, heap_size_limit: limit } = getHeapStatistics();
  return used + external > limit * share
    ? `reading it takes more than ${formatBytes(Math.floor(limit * share))} of memory`
    : undefined;
}
