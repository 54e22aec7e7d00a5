import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { duplicates } from "../../../oci/images/duplicates.ts";
import { pathHistories, pathHistory } from "../../../oci/images/pathHistory.ts";
import { searchLayers } from "../../../oci/images/searchLayers.ts";
import { stack } from "../../../oci/core/stack.ts";
import { layer } from "../../support/images/layerText.ts";

const layers = [
  "etc/\netc/app.conf 10 #a\nopt/big.deb 90 #d\nlib/x 5 #x",
  "etc/app.conf 12 #b\nlib/x 5 #x",
  "-opt/big.deb\netc/other.conf 1 #o\nlib 3 #f",
].map(layer);

const lines = (text: (path: string) => boolean, max = 10): readonly string[] =>
  searchLayers(layers, text, max).found.map(
    ({ path, versions }) =>
      `${path}: ${versions.map(({ layerIndex, change }) => `${change} ${layerIndex}`).join(", ")}`,
  );

test("a search finds paths in any layer, with each layer's change", () => {
  assert.deepEqual(
    lines((path) => path.includes(".")),
    ["etc/app.conf: added 0, replaced 1", "etc/other.conf: added 2", "opt/big.deb: added 0, removed 2"],
  );
  // A file that replaces a folder removes the folder's files.
  assert.deepEqual(
    lines((path) => path.startsWith("lib")),
    ["lib: added 2", "lib/x: added 0, identical 1, removed 2"],
  );
});

test("a search with too many results lists the first and counts all", () => {
  const { found, count } = searchLayers(layers, () => true, 2);
  assert.deepEqual([found.map(({ path }) => path), count], [["etc", "etc/app.conf"], 6]);
});

test("the histories of many paths equal those of each", () => {
  const line = fc.constantFrom(
    "a/ 1",
    "a/b 1 #x",
    "a/b 2 #y",
    "-a",
    "-a/b",
    "a/ !",
    "a 3 #z",
    "a/b/c 4 #w",
    "-a/b/c",
    "a/b/",
  );
  const text = fc.array(line, { maxLength: 4 }).map((all) => [...new Set(all)].join("\n"));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      const contents = texts.map(layer);
      const paths = ["a", "a/b", "a/b/c", "nothing"];
      assert.deepEqual(
        pathHistories(contents, paths),
        paths.map((path) => pathHistory(contents, path)),
      );
    }),
  );
});

test("files with the same content are one group, most wasted bytes first, and hard links are not copies", () => {
  const { root } = stack([
    layer("a/x 10 #same\nb/y 10 #same\nlink => a/x\nempty 0 #e\nempty2 0 #e"),
    layer("c 10 #same\nd 40 #big\ne 40 #big\nalone 99 #u"),
  ]);
  assert.deepEqual(
    duplicates(root).map(({ size, wastedBytes, copies }) => [
      size,
      wastedBytes,
      copies.map(({ path, layerIndex }) => `${path} ${layerIndex}`).join(", "),
    ]),
    [
      [40, 40, "d 1, e 1"],
      [10, 20, "a/x 0, b/y 0, c 1"],
    ],
  );
});

test("a file that a later layer hides is waste rather than a copy", () => {
  const { root } = stack([layer("a 10 #same\nb 10 #same"), layer("-b")]);
  assert.deepEqual(duplicates(root), []);
});
