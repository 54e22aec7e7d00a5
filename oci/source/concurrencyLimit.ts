/** Pieces of work that wait for each other where they would be too many at once. */
export interface Lanes {
  run<T>(lane: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** At most so many pieces of work per lane at once; the others wait in turn. */
export function createLanes(maxConcurrent: number): Lanes {
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

/** Waits in the queue; who cancels leaves it. */
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
