import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import assert from "node:assert/strict";

/** The longest time that a window on a slow machine may take for anything. */
const patienceMs = 20_000;
const lookEveryMs = 50;

/** Waits until `look` returns the expected value; fails with the last difference. */
export async function becomes<T>(look: () => T | Promise<T>, expected: T): Promise<void> {
  const last = await repeat(look, (value) => isDeepStrictEqual(value, expected));
  assert.deepEqual(last, expected);
}

/** Waits until the result of `look` passes a check, and returns it. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  passes: (value: T) => boolean,
  withinMs = patienceMs,
): Promise<T> {
  const last = await repeat(look, passes, withinMs);
  if (!passes(last))
    assert.fail(`${what}: not within ${withinMs / 1000} s; in the end there was ${JSON.stringify(last, undefined, 2)}`);
  return last;
}

async function repeat<T>(look: () => T | Promise<T>, passes: (value: T) => boolean, withinMs = patienceMs): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (passes(value) || Date.now() > deadline) return value;
    await sleep(lookEveryMs);
  }
}
