/** A time limit combined with the caller's cancellation. */
export interface Deadline {
  /** Aborts when the time is up or the caller cancels. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  /** Ends the time limit; the caller can still cancel. */
  lift(): void;
}

/**
 * Runs work under a time limit. Doesn't use AbortSignal.timeout and AbortSignal.any: some Node releases garbage-collect
 * their combined signal before it fires, and it stays attached to a long-lived signal.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  let isOver = false;
  const abort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort(new DOMException("the time is up", "TimeoutError"));
  }, timeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await work({ signal: controller.signal, isOver: () => isOver, lift: () => clearTimeout(timer) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
