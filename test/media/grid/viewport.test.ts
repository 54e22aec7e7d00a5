import assert from "node:assert/strict";
import { test } from "node:test";
import { pageSize, rowsInView, scrollToShow } from "../../../media/grid/viewport.ts";

const at = (scrollTop: number, rowCount = 100_000) => ({ scrollTop, height: 440, rowHeight: 22, rowCount });

test("only the visible rows and a few around them are drawn", () => {
  assert.deepEqual(rowsInView(at(0)), { first: 0, end: 28 });
  assert.deepEqual(rowsInView(at(22_000)), { first: 992, end: 1028 });
  assert.deepEqual(rowsInView(at(2_199_560)), { first: 99_972, end: 100_000 });
});

test("a scroll beyond the end, as after a filter, draws only rows that exist", () => {
  const { first, end } = rowsInView(at(2_000_000, 3));
  assert.ok(first <= end && end <= 3);
  assert.deepEqual(rowsInView(at(0, 0)), { first: 0, end: 0 });
});

test("a row is revealed with the least scrolling", () => {
  assert.equal(scrollToShow(3, at(0)), 0);
  assert.equal(scrollToShow(20, at(0)), 22);
  assert.equal(scrollToShow(0, at(100)), 0);
});

test("a page has as many rows as fit, at least one", () => {
  assert.equal(pageSize(at(0)), 19);
  assert.equal(pageSize({ ...at(0), height: 10 }), 1);
});
