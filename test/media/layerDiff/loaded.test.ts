import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loaded, rowOf } from "../../../media/layerDiff/loaded.ts";

function loaded(paths: readonly string[], current = 0): Loaded {
  return { rows: paths.map((path) => ({ node: { path } })), current } as unknown as Loaded;
}

test("a path's row is its own, else the first below it, else the current one", () => {
  const table = loaded(["etc", "usr/share/doc", "usr/share/doc/a", "var"], 3);
  assert.equal(rowOf(table, "usr/share/doc/a"), 2);
  assert.equal(rowOf(table, "usr"), 1);
  assert.equal(rowOf(table, "usr/share"), 1);
  assert.equal(rowOf(table, "us"), 3);
});
