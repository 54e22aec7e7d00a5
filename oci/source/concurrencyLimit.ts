/** Runs tasks, a limited number per key at once. */
export interface ConcurrencyLimit {
  run<T>(key: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Limits the tasks of each key to `maxConcurrent` at once; the others wait in turn. */
export function createConcurrencyLimit(maxConcurrent: number): ConcurrencyLimit {
  const waiting = new Map<string, (() => void)[]>();
  const running = new Map<string, number>();
  const next = (key: string): void => {
    const start = waiting.get(key)?.shift();
    if (start) return start();
    const left = (running.get(key) ?? 1) - 1;
    if (left > 0) running.set(key, left);
    else {
      running.delete(key);
      waiting.delete(key);
    }
  };
  return {
    run: async (key, work, signal) => {
      const count = running.get(key) ?? 0;
      if (count < maxConcurrent) running.set(key, count + 1);
      else {
        const queue = waiting.get(key) ?? [];
        waiting.set(key, queue);
        await turnIn(queue, signal);
      }
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        next(key);
      }
    },
  };
}

/** Waits in the queue; a caller that cancels leaves it. */
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
