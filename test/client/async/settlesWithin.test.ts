import assert from "node:assert/strict";
import { test } from "node:test";
import { settlesWithin } from "../../../client/src/async/settlesWithin.ts";

const longMs = 60_000;

test("work that succeeds or fails in time has settled", async () => {
  assert.equal(await settlesWithin(Promise.resolve("done"), longMs), true);
  assert.equal(await settlesWithin(Promise.reject(new Error("failed")), longMs), true);
});

test("work that takes longer has not settled and may still end either way", async () => {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => (reject = fail));
  assert.equal(await settlesWithin(promise, 1), false);
  reject(new Error("late"));
  await assert.rejects(promise, /late/);
});
