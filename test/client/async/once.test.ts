import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "../../../client/src/async/once.ts";

test("a value is created once for concurrent and later callers", async () => {
  let made = 0;
  const load = once(() => Promise.resolve(++made));
  assert.deepEqual(await Promise.all([load(), load()]), [1, 1]);
  assert.equal(await load(), 1);
});

test("a failure reaches every caller, and the next call retries", async () => {
  let calls = 0;
  const load = once(() => (++calls === 1 ? Promise.reject(new Error("no file")) : Promise.resolve("loaded")));
  const answers = await Promise.allSettled([load(), load()]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.equal(await load(), "loaded");
  assert.equal(calls, 2);
});
