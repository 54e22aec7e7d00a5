import assert from "node:assert/strict";
import { test } from "node:test";
import { lacksRig } from "./nodeTests.ts";

const details = { type: "test", duration_ms: 0 } as const;

test("a test skipped for a missing program counts as a failure in CI, one of another system or on request doesn't", () => {
  assert.equal(lacksRig({ skip: "Go isn't installed", details }), true);
  assert.equal(lacksRig({ skip: true, details }), false);
  assert.equal(lacksRig({ skip: "IMAGEWRIGHT_TEST_DOCKER_26=1 sets it up and runs this", details }), false);
  assert.equal(lacksRig({ details }), false);
});
