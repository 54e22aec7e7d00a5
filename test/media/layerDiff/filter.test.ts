import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countChanges, filterTree, changeFilterOf } from "../../../media/layerDiff/filter.ts";
import { initialState } from "../../../media/layerDiff/state.ts";
import { buildTree } from "../../../media/layerDiff/tree.ts";
import { row, rows } from "./diffRows.ts";

describe("filtering the diff", () => {
  const paths = "A usr/lib/libssl.so 1\nA usr/lib/libc.so 1\nA etc/ssl/Certs.pem 1";
  const matched = (text: string): number =>
    filterTree(buildTree(rows(paths)), { ...initialState.filter, text }).matched[0] ?? 0;

  test("a text matches any part of the path, ignoring case", () => {
    assert.equal(matched("SSL"), 2);
    assert.equal(matched("/etc"), 1);
    assert.equal(matched("  "), 3);
    assert.equal(matched("nothing"), 0);
  });

  test("a glob without a slash matches names", () => {
    assert.equal(matched("*.so"), 2);
    assert.equal(matched("lib*"), 2);
    assert.equal(matched("c?rts.*"), 1);
  });

  test("a glob with a slash matches paths, from the root or any folder", () => {
    assert.equal(matched("usr/**"), 2);
    assert.equal(matched("lib/*.so"), 2);
    assert.equal(matched("/etc/*/certs.pem"), 1);
  });

  test("totals of a folder only count rows that pass the filter", () => {
    const tree = buildTree(rows("A a/x 5\nA a/y.log 7\nD a/z 2\nM a/w 3>4"));
    const totals = filterTree(tree, {
      ...initialState.filter,
      shown: { ...initialState.filter.shown, removed: false },
    });
    assert.deepEqual(
      [totals.added[0], totals.changed[0], totals.removed[0], totals.delta[0], totals.churn[0]],
      [2, 1, 0, 13, 13],
    );
  });
});

test("a changed file is written whole, unless it is hidden with the changes of times", () => {
  const tree = buildTree(rows("A a/x 5\nD a/y 7\nM b/z 9>9\nM b/w 30>4\nT c 8"));
  assert.equal(filterTree(tree, initialState.filter).written[0], 5 + 7 + 9 + 26);
  const shown = { ...initialState.filter.shown, timeOnly: true };
  assert.equal(filterTree(tree, { ...initialState.filter, shown }).written[0], 5 + 7 + 9 + 26 + 8);
});

test("only a lone change of time is time-only", () => {
  assert.equal(changeFilterOf(row("T etc/x")), "timeOnly");
  assert.equal(changeFilterOf({ ...row("T etc/x"), attributes: ["mtime", "mode"] }), "changed");
  assert.equal(changeFilterOf(row("M etc/x 1>1")), "changed");
  assert.equal(changeFilterOf({ ...row("M etc/x"), change: "renamed" }), "changed");
});

test("each row counts as one kind of change", () => {
  const counts = countChanges(rows("A a 5\nA b 6\nD c 2\nM d 1>3\nT e 9"));
  assert.deepEqual(counts, {
    added: { rows: 2, delta: 11 },
    changed: { rows: 1, delta: 2 },
    removed: { rows: 1, delta: -2 },
    timeOnly: { rows: 1, delta: 0 },
    same: { rows: 0, delta: 0 },
  });
});
