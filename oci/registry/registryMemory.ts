import { createLru, type Lru } from "../source/lru.ts";

/** What is remembered of registries between requests: which want to be left alone for a while, and which don't answer at all. */
export interface RegistryMemory {
  /** How long to leave the registry alone, in milliseconds; 0 if it may be asked. */
  pauseMs(registry: string): number;
  pause(registry: string, forMs: number): void;
  /** How long the registry counts as silent, in milliseconds; 0 if it may be asked. */
  silentMs(registry: string): number;
  answered(registry: string): void;
  /** A request that began at `startMs` got no answer in time. Without an answer to another one since then, the registry is silent. */
  timedOut(registry: string, startMs: number): void;
}

// Docker Hub's window is six hours; a hostile or mistaken header must not shut a registry out until tomorrow.
const maxPauseMs = 60 * 60 * 1000;
// Twelve images of a registry that is down must not cost a time limit for each four of them.
const silenceMs = 60_000;

// More registries than any workspace names.
const maxRegistries = 1000;

type Times = Lru<string, number>;

function createTimes(): Times {
  return createLru(maxRegistries, () => 1);
}

export function createRegistryMemory(now: () => number = Date.now): RegistryMemory {
  const pausedUntil = createTimes();
  const silentUntil = createTimes();
  const answeredAt = createTimes();
  const left = (until: Times, registry: string): number => Math.max(0, (until.get(registry) ?? 0) - now());
  return {
    pauseMs: (registry) => left(pausedUntil, registry),
    pause: (registry, forMs) => void pausedUntil.set(registry, now() + Math.min(forMs, maxPauseMs)),
    silentMs: (registry) => left(silentUntil, registry),
    answered(registry) {
      answeredAt.set(registry, now());
      silentUntil.set(registry, 0);
    },
    timedOut(registry, startMs) {
      if ((answeredAt.get(registry) ?? 0) < startMs) silentUntil.set(registry, now() + silenceMs);
    },
  };
}
