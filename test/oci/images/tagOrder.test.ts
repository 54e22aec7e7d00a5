import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sortTags } from "../../../oci/images/tagOrder.ts";

test("the newest version is on top, a rolling tag above the versions it covers, variants after theirs", () => {
  const sorted = [
    "2",
    "1.10-alpine",
    "v1.10.0",
    "1.9.0",
    "1.9.0-alpine3.9",
    "1.9.0-alpine3.10",
    "1.9.0-rc10",
    "1.9.0-rc9",
    "1.9-rc1",
    "1.9.0b2",
    "1.8.9",
  ];
  assert.deepEqual(sortTags([...sorted].reverse()), sorted);
});

test("dates, builds and commits are not versions", () => {
  const sorted = ["3.20", "20260101", "123456", "1a2b3c4", "edge", "latest"];
  assert.deepEqual(sortTags(["latest", "123456", "edge", "1a2b3c4", "20260101", "3.20"]), sorted);
});

test("the order of tags doesn't depend on their input order", () => {
  const tag = fc.stringMatching(/^v?[0-9]{0,2}[.]?[0-9]{0,2}[a-c-]{0,2}[0-9]?$/);
  fc.assert(
    fc.property(fc.uniqueArray(tag, { maxLength: 8 }), (tags) =>
      assert.deepEqual(normal(sortTags([...tags].reverse())), normal(sortTags(tags))),
    ),
  );
});

/** The tags without leading zeros: the collator considers `01` and `1` equal, so either may come first. */
function normal(tags: readonly string[]): string[] {
  return tags.map((tag) => tag.replace(/0+(?=[0-9])/g, ""));
}
