/** A time limit joined with the caller's wish to stop. */
export interface Deadline {
  /** Aborts when the time is up or the caller cancels. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  /** Ends the time limit; the caller's cancelling goes on counting. */
  lift(): void;
}

/**
 * Runs work that must end in time. Made by hand rather than from AbortSignal.timeout and AbortSignal.any, whose joint
 * signal some Node releases collect as garbage before it fires, and which stay hooked to a long-lived signal.
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
