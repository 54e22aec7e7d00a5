import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { filterTree } from "../../../../media/layerDiff/filter.ts";
import { initialState } from "../../../../media/layerDiff/state.ts";
import { buildTree } from "../../../../media/layerDiff/tree.ts";
import { type Rectangle, squarify } from "../../../../media/layerDiff/treemap/squarify.ts";
import { type ShownTree, tilesOf } from "../../../../media/layerDiff/treemap/tiles.ts";
import type { ViewRow } from "../../../../media/protocol/messages.ts";

const screen: Rectangle = { x: 0, y: 0, width: 600, height: 400 };

describe("dividing an area", () => {
  test("each weight gets its share, in the order of the weights", () => {
    const areas = squarify([6, 6, 4, 3, 2, 2, 1], screen).map(({ width, height }) => Math.round(width * height));
    assert.deepEqual(areas, [60000, 60000, 40000, 30000, 20000, 20000, 10000]);
  });

  test("the rectangles are near squares where the weights allow it", () => {
    const longest = squarify([6, 6, 4, 3, 2, 2, 1], screen).map(({ width, height }) =>
      Math.max(width / height, height / width),
    );
    assert.ok(Math.max(...longest) < 3, String(longest));
  });

  test("for any weights the rectangles fill the area, inside of it and beside each other", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 20, max: 2000 }), (weights, width) => {
        const within = { x: 5, y: 7, width, height: 300 };
        const sorted = [...weights].sort((a, b) => b - a);
        const placed = squarify(sorted, within);
        const sum = placed.reduce((all, each) => all + each.width * each.height, 0);
        assert.ok(Math.abs(sum - width * 300) < 1, "the whole area is used");
        for (const each of placed) {
          assert.ok(each.x >= 5 - 1e-6 && each.x + each.width <= 5 + width + 1e-6);
          assert.ok(each.y >= 7 - 1e-6 && each.y + each.height <= 307 + 1e-6);
        }
        const overlaps = placed.some((a, index) => placed.slice(index + 1).some((b) => overlap(a, b) > 1e-3));
        assert.equal(overlaps, false);
      }),
    );
  });

  test("nothing, and an area without a size, are divided without a failure", () => {
    assert.deepEqual(squarify([], screen), []);
    assert.equal(squarify([1, 1], { ...screen, width: 0 }).length, 2);
  });
});

describe("the treemap", () => {
  const rows = [
    file("usr/lib/large", 6_000_000),
    file("usr/lib/small", 1_000_000),
    file("etc/passwd", 3_000_000),
    file("etc/empty", 0),
  ];

  test("folders come before their content, which lies on them, the largest first", () => {
    assert.deepEqual(names(shownOf(rows)), [
      "1 usr 7",
      "1 etc 3",
      "2 usr/lib 7",
      "2 etc/passwd 3",
      "3 usr/lib/large 6",
      "3 usr/lib/small 1",
    ]);
    const tiles = tilesOf(shownOf(rows), root(rows), screen);
    for (const tile of tiles) {
      const folder = tiles.find(({ node }) => node.index === tile.node.parent);
      if (folder) assert.ok(overlap(folder.at, tile.at) > tile.at.width * tile.at.height - 1, tile.node.path);
    }
  });

  test("the filter of the table is the map's too", () => {
    const tree = buildTree(rows);
    const totals = filterTree(tree, { ...initialState.filter, text: "etc/" });
    assert.deepEqual(names({ tree, totals, isWhole: false }), ["1 etc 3", "2 etc/passwd 3"]);
  });

  test("in a map of changes a removed file counts as much as an added one; a map of a file system has only what is there", () => {
    const removed: ViewRow = { ...file("gone", 0), change: "removed", deltaBytes: -5_000_000 };
    assert.deepEqual(names(shownOf([removed])), ["1 gone 5"]);
    assert.deepEqual(names({ ...shownOf([removed]), isWhole: true }), []);
  });

  test("a large tree has a bounded number of tiles", () => {
    const many = Array.from({ length: 30_000 }, (_, index) => file(`f${index % 300}/${index}`, 1000));
    assert.ok(tilesOf(shownOf(many), root(many), { ...screen, width: 4000, height: 3000 }).length <= 1500);
  });
});

function file(path: string, size: number): ViewRow {
  const after = { kind: "file", size, mode: 0o644, owner: "0:0", mtimeMs: 0 } as const;
  return { path, change: "added", attributes: [], after, deltaBytes: size };
}

function shownOf(rows: readonly ViewRow[]): ShownTree {
  const tree = buildTree(rows);
  return { tree, totals: filterTree(tree, initialState.filter), isWhole: false };
}

function root(rows: readonly ViewRow[]) {
  const [first] = buildTree(rows).nodes;
  assert.ok(first);
  return first;
}

/** `LEVEL PATH MEGABYTES` of each tile. */
function names(shown: ShownTree): readonly string[] {
  const [first] = shown.tree.nodes;
  assert.ok(first);
  return tilesOf(shown, first, screen).map(({ node, level, bytes }) => `${level} ${node.path} ${bytes / 1e6}`);
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
