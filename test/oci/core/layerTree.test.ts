import assert from "node:assert/strict";
import { test } from "node:test";
import { findNode, layerTree } from "../../../oci/core/layerTree.ts";
import { golden, layer, printTree } from "../../support/images/layerText.ts";

function check(text: string, expected: string): void {
  assert.equal(printTree(layerTree(layer(text))), golden(expected));
}

test("directories, even implied ones, sum up everything below", () => {
  check(
    `etc/
     etc/passwd 10
     usr/lib/a.so 200
     usr/lib/b.so 50`,
    `
    etc/ [10 in 1]
      passwd 10
    usr/ [250 in 2] implied
      lib/ [250 in 2] implied
        a.so 200
        b.so 50`,
  );
});

test("markers are nodes, even if the path is created again", () => {
  check(
    `-gone
     -var/again
     var/again 3
     cache/ !`,
    `
    cache/ <opaque> [0 in 0]
    gone <whiteout>
    var/ [3 in 1] implied
      again <whiteout> 3`,
  );
});

test("hard links show their file and count once, even in chains and cycles", () => {
  check(
    `a 7
     b => a
     c => b
     d => nowhere
     e => f
     f => e`,
    `
    a 7
    b => a (7)
    c => b (7)
    d => nowhere (dangling)
    e => f (dangling)
    f => e (dangling)`,
  );
});

test("of two entries with the same path, the last wins", () => {
  check("a 1\na 2", "a 2");
});

test("a path is found by its parts", () => {
  const tree = layerTree(layer("a/b/c 5"));
  assert.equal(findNode(tree, "a/b/c")?.entry?.size, 5);
  assert.equal(findNode(tree, "a/x"), undefined);
  assert.equal(findNode(tree, ""), tree);
});

test("the deepest path that an archive can have is handled", () => {
  const path = "d/".repeat(16_000) + "file";
  assert.equal(layerTree(layer(`${path} 5`)).totalBytes, 5);
});
