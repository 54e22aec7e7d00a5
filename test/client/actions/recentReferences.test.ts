import assert from "node:assert/strict";
import { test } from "node:test";
import { withRecent } from "../../../client/src/actions/recentReferences.ts";

test("the last pulled reference is first and listed once, and the oldest is dropped", () => {
  assert.deepEqual(withRecent(["a:1", "b:1"], "b:1"), ["b:1", "a:1"]);
  const many = Array.from({ length: 20 }, (_, index) => `a:${index}`);
  assert.deepEqual(withRecent(many, "new:1"), ["new:1", ...many.slice(0, 19)]);
});
