import assert from "node:assert/strict";
import { test } from "node:test";
import { keywordIn } from "../../../client/src/dockerfiles/keywordIn.ts";

test("the keyword of a line is its first word", () => {
  assert.deepEqual(keywordIn("RUN make"), { start: 0, end: 3 });
  assert.deepEqual(keywordIn("\t copy --link a b"), { start: 2, end: 6 });
  assert.equal(keywordIn("# RUN make"), undefined);
  assert.equal(keywordIn(""), undefined);
});
