import { createLru, type Lru } from "../source/lru.ts";

/** Remembers registries between requests: those that asked for a pause, and those that don't respond at all. */
export interface RegistryMemory {
  /** The rest of the registry's pause in milliseconds; 0 if it may be contacted. */
  pauseMs(registry: string): number;
  pause(registry: string, forMs: number): void;
  /** The time for which the registry still counts as silent, in milliseconds; 0 if it may be contacted. */
  silentMs(registry: string): number;
  answered(registry: string): void;
  /**
   * Records that a request that began at `startMs` timed out. If no other request got a response since then, the
   * registry counts as silent.
   */
  timedOut(registry: string, startMs: number): void;
}

// Docker Hub's window is six hours; a hostile or wrong header must not block a registry until tomorrow.
const maxPauseMs = 60 * 60 * 1000;
// Otherwise each group of four images of a registry that is down would take a whole time limit.
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
