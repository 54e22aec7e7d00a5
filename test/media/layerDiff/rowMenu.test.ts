import assert from "node:assert/strict";
import { test } from "node:test";
import { filterTree } from "../../../media/layerDiff/filter.ts";
import { rowMenu, wasteRowMenu } from "../../../media/layerDiff/rowMenu.ts";
import { initialState } from "../../../media/layerDiff/state.ts";
import { buildTree } from "../../../media/layerDiff/tree.ts";
import { allFolders, visibleRows } from "../../../media/layerDiff/visibleRows.ts";
import { rows } from "./diffRows.ts";

test("a row's menu knows the existing versions and whether an editor can show them", () => {
  const tree = buildTree(rows("M etc/hosts 3>12\nD etc/motd 5\nA etc/new 1"));
  const folding = { open: allFolders(tree), closedInSearch: new Set<string>(), isSearching: false };
  const shown = visibleRows(tree, filterTree(tree, initialState.filter), "path", folding);
  assert.deepEqual(
    shown.map(rowMenu).map(({ path, hasBefore, hasAfter, isFile }) => [path, hasBefore, hasAfter, isFile]),
    [
      ["etc", true, true, false],
      ["etc/hosts", true, true, true],
      ["etc/motd", true, false, true],
      ["etc/new", false, true, true],
    ],
  );
});

test("the menu of a wasted version refers to the layer that added it", () => {
  const waste = { path: "a", bytes: 1, broughtBy: 2, hiddenBy: 3, how: "removed", advice: "" } as const;
  const { layerCount, hasBefore, hasAfter } = wasteRowMenu(waste);
  assert.deepEqual([layerCount, hasBefore, hasAfter], [2, false, true]);
});
