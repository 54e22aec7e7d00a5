// Far more than a busy machine takes, in milliseconds.
const patienceMs = 60_000;
const pauseMs = 20;

/** Waits until a condition holds; rejects if it never does. */
export async function becomesTrue(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`still not true after ${patienceMs / 1000} s: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
