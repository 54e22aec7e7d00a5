import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filterTree } from "../../../media/layerDiff/filter.ts";
import { findTyped, keyAction } from "../../../media/grid/keys.ts";
import { initialState } from "../../../media/layerDiff/state.ts";
import { buildTree } from "../../../media/layerDiff/tree.ts";
import { visibleRows } from "../../../media/layerDiff/visibleRows.ts";
import { rows } from "../layerDiff/diffRows.ts";

const tree = buildTree(rows("A bin/ls 1\nA bin/link 1\nA etc/hosts 1\nA init 1"));
// bin (open), link, ls, etc (closed), init
const shown = visibleRows(tree, filterTree(tree, initialState.filter), "path", {
  open: new Set(["bin"]),
  closedInSearch: new Set(),
  isSearching: false,
});

describe("keys of the tree", () => {
  const press = (key: string, current: number, hasControl = false): unknown =>
    keyAction({ key, hasControl, hasAlt: false }, { rows: shown, current, pageSize: 2 });

  test("arrows move through rows and stop at the ends", () => {
    assert.deepEqual(press("ArrowDown", 0), { kind: "move", to: 1 });
    assert.deepEqual(press("ArrowDown", 4), { kind: "move", to: 4 });
    assert.deepEqual(press("ArrowUp", 0), { kind: "move", to: 0 });
    assert.deepEqual(press("PageDown", 0), { kind: "move", to: 2 });
    assert.deepEqual(press("PageUp", 1), { kind: "move", to: 0 });
    assert.deepEqual(press("End", 0), { kind: "move", to: 4 });
    assert.deepEqual(press("Home", 3, true), { kind: "move", to: 0 });
  });

  test("right opens and then moves in; left closes and then moves up", () => {
    assert.deepEqual(press("ArrowRight", 3), { kind: "open", path: "etc" });
    assert.deepEqual(press("ArrowRight", 0), { kind: "move", to: 1 });
    assert.equal(press("ArrowRight", 4), undefined);
    assert.deepEqual(press("ArrowLeft", 0), { kind: "close", path: "bin" });
    assert.deepEqual(press("ArrowLeft", 2), { kind: "move", to: 0 });
  });

  test("Enter toggles a folder and shows a file's details", () => {
    assert.deepEqual(press("Enter", 0), { kind: "close", path: "bin" });
    assert.deepEqual(press(" ", 3), { kind: "open", path: "etc" });
    assert.deepEqual(press("Enter", 4), { kind: "activate" });
    assert.deepEqual(press(" ", 4), { kind: "describe" });
  });

  test("letters search by name, but not with Ctrl", () => {
    assert.deepEqual(press("l", 0), { kind: "type", character: "l" });
    assert.deepEqual(press("c", 0, true), { kind: "copy" });
    assert.equal(press("x", 0, true), undefined);
    assert.equal(press("Tab", 0), undefined);
    assert.equal(
      keyAction({ key: "l", hasControl: false, hasAlt: true }, { rows: shown, current: 0, pageSize: 2 }),
      undefined,
    );
  });

  test("without rows, keys only search", () => {
    assert.deepEqual(keyAction({ key: "/", hasControl: false, hasAlt: false }, { rows: [], current: 0, pageSize: 2 }), {
      kind: "search",
    });
    assert.equal(
      keyAction({ key: "Enter", hasControl: false, hasAlt: false }, { rows: [], current: 0, pageSize: 2 }),
      undefined,
    );
  });
});

describe("typing a name", () => {
  test("a typed name selects the next row that starts with it, and wraps around at the end", () => {
    assert.equal(findTyped(shown, 0, "l"), 1);
    assert.equal(findTyped(shown, 1, "ls"), 2);
    assert.equal(findTyped(shown, 4, "b"), 0);
    assert.equal(findTyped(shown, 0, "zz"), undefined);
  });

  test("typing the same letter again selects the next row", () => {
    assert.equal(findTyped(shown, 1, "ll"), 2);
    assert.equal(findTyped(shown, 2, "lll"), 1);
  });
});
