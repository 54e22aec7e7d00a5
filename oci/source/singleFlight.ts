/** Lets concurrent callers for the same key share one run of work, as Go's singleflight does. */
export interface SingleFlight<T> {
  /**
   * Joins the running work of this key, or starts it. The work is cancelled only when all its callers have cancelled.
   */
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Job<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  callers: number;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const jobs = new Map<string, Job<T>>();
  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Job<T> => {
    const controller = new AbortController();
    const job: Job<T> = { controller, callers: 0, result: work(controller.signal).finally(() => forget(key, job)) };
    jobs.set(key, job);
    return job;
  };
  const forget = (key: string, job: Job<T>): void => {
    if (jobs.get(key) === job) jobs.delete(key);
  };
  return {
    run: (key, work, signal) => {
      signal.throwIfAborted();
      const job = jobs.get(key) ?? start(key, work);
      job.callers++;
      return new Promise<T>((resolve, reject) => {
        const leave = (): void => {
          job.callers--;
          if (job.callers === 0) {
            forget(key, job);
            job.controller.abort(signal.reason);
          }
          reject(signal.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError"));
        };
        signal.addEventListener("abort", leave, { once: true });
        job.result
          .then(resolve, reject)
          .finally(() => signal.removeEventListener("abort", leave))
          .catch(() => undefined);
      });
    },
  };
}
