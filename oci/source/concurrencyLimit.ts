/** Runs pieces of work, a limited number of each lane at once. */
export interface ConcurrencyLimit {
  run<T>(lane: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Limits each lane to `maxConcurrent` pieces of work at once; the others wait in turn. */
export function createConcurrencyLimit(maxConcurrent: number): ConcurrencyLimit {
  const waiting = new Map<string, (() => void)[]>();
  const running = new Map<string, number>();
  const next = (lane: string): void => {
    const start = waiting.get(lane)?.shift();
    if (start) return start();
    const left = (running.get(lane) ?? 1) - 1;
    if (left > 0) running.set(lane, left);
    else {
      running.delete(lane);
      waiting.delete(lane);
    }
  };
  return {
    run: async (lane, work, signal) => {
      const count = running.get(lane) ?? 0;
      if (count < maxConcurrent) running.set(lane, count + 1);
      else {
        const queue = waiting.get(lane) ?? [];
        waiting.set(lane, queue);
        await turnIn(queue, signal);
      }
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        next(lane);
      }
    },
  };
}

/** Waits in the queue, which a caller that cancels leaves. */
function turnIn(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const start = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = (): void => {
      queue.splice(queue.indexOf(start), 1);
      reject(signal.reason as Error);
    };
    queue.push(start);
    signal.addEventListener("abort", leave, { once: true });
  });
}
