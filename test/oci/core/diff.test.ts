import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { diff, diffSummary, type DiffRow } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { layerTree, walkTree, type TreeNode } from "../../../oci/core/layerTree.ts";
import { stack, stackSides } from "../../../oci/core/stack.ts";
import { randomLayer } from "../../support/images/randomLayer.ts";
import { golden, layer, printRows } from "../../support/images/layerText.ts";

function check(before: string, after: string, expected: string): void {
  assert.equal(printRows(diff(stack([layer(before)]).root, stack([layer(after)]).root)), golden(expected));
}

test("a diff has added, removed and changed paths", () => {
  check("a 1\nb 2 #x\nsame 4 #s", "b 3 #y\nc 5\nsame 4 #s", "removed a -1\ncontent b (content, size) +1\nadded c +5");
});

test("a diff lists every differing attribute", () => {
  check("a 1 #x", "a 1 #x 0600 u7 @9 cap", "metadata a (mode, owner, mtime, xattrs)");
});

test("files of equal size differ if their hashes do, and are never equal without hashes", () => {
  check("a 1 #x", "a 1 #y", "content a (content)");
  check("a 1 #x", "a 1 #x @5", "metadata a (mtime)");
  check("a 1", "a 1", "content a (content)");
  check("a 1 #x", "a 1", "content a (content)");
  const same = layer("a 1");
  assert.deepEqual(diff(stack([same]).root, stack([same]).root), []);
});

test("a symlink with another target has other content", () => {
  check("l -> a", "l -> b", "content l (linkTarget)");
});

test("another kind of entry is a change of type", () => {
  check("a 5", "a -> b", "type a (kind, content, size, linkTarget) -5");
  check("a/\na/x 2", "a 5", "type a (kind, content, size, mode) +5\nremoved a/x -2");
});

test("a removed directory is listed file by file, without rows for implied directories", () => {
  check("d/\nd/x 1\nd/e/y 2", "", "removed d\nremoved d/e/y -2\nremoved d/x -1");
  check("d/x 1 #x", "d/\nd/x 1 #x", "");
  check("d/x 1", "d 3", "type d (kind) +3\nremoved d/x -1");
});

test("a file with the same content elsewhere was moved, preferring one with the same name", () => {
  check(
    "old/a 40 #x\nold/b 40 #x",
    "new/b 40 #x\nnew/c 40 #x 0600",
    "renamed old/b -> new/b (path)\nrenamed old/a -> new/c (path, mode)",
  );
  check("a 4 #x", "b 4 #x", "removed a -4\nadded b +4");
  check("a 40", "b 40", "removed a -40\nadded b +40");
});

test("a file that became a hard link to the same content is unchanged in content", () => {
  check("a 10 #x\nb 10 #x", "a 10 #x\nb => a", "metadata b (linkTarget) -10");
  check("a 10 #x\nb 9 #y", "a 10 #x\nb => a", "content b (content, size, linkTarget) -9");
});

test("it doesn't matter which name of a hard link carries the bytes in the tar", () => {
  check("a 10 #x\nb => a\nc => b", "c 10 #x\nb => c\na => c", "");
  check("a 10 #x\nb => a", "0 10 #x\na => 0\nb => a", "added 0");
  check("a 10 #x\nb => a", "b 10 #x", "removed a");
  check("a 10 #x\nb => a", "b 10 #x\na 10 #x", "metadata b (linkTarget) +10");
  check("a 10 #x\nb => a", "b 10 #y\na => b", "content a (content)\ncontent b (content)");
  check("a 10 #x\nb => a 0600", "a 10 #x\nb => a", "");
  check("a => gone", "a => away", "metadata a (linkTarget)");
});

test("changesets also differ in their whiteouts", () => {
  const rows = diff(
    layerTree(layer("-gone\n-both\n-turned\nkept 1 #k")),
    layerTree(layer("-both\nturned 3\nkept 1 #k\n-new")),
  );
  assert.equal(
    printRows(rows),
    "removed gone whiteout before\nadded new whiteout after\ntype turned (kind) whiteout before +3",
  );
});

test("a diff's summary counts rows and bytes", () => {
  const rows = diff(layerTree(layer("a 1\nb 2\nc 3")), layerTree(layer("b 7\nc 1\nd 10")));
  assert.deepEqual(diffSummary(rows), {
    added: 1,
    removed: 1,
    changed: 2,
    addedBytes: 15,
    removedBytes: 3,
    deltaBytes: 12,
  });
});

const tree = fc.array(randomLayer, { maxLength: 3 }).map((layers) => stack(layers).root);

test("a tree doesn't differ from itself, and swapping the sides inverts a diff", () => {
  const flip: Readonly<Record<string, string>> = { added: "removed", removed: "added" };
  const print = (rows: readonly DiffRow[]): string[] =>
    rows.map(({ path, change, attributes, deltaBytes }) => `${path} ${change} ${attributes.join()} ${deltaBytes}`);
  const flipped = (rows: readonly DiffRow[]): string[] =>
    print(
      rows.map((row) => ({
        ...row,
        change: (flip[row.change] ?? row.change) as DiffRow["change"],
        deltaBytes: 0 - row.deltaBytes,
      })),
    );
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      assert.deepEqual(diff(a, a), []);
      assert.deepEqual(print(diff(b, a)), flipped(diff(a, b)));
    }),
  );
});

test("a diff equals a comparison of every path, and its bytes add up", () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const rows = diff(a, b);
      assert.deepEqual(
        rows.map(({ path }) => path),
        naiveDiff(a, b),
      );
      assert.equal(diffSummary(rows).deltaBytes, b.totalBytes - a.totalBytes);
    }),
    { numRuns: 300 },
  );
});

test("a diff applied to the older side results in the newer one", () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const entries = (root: TreeNode): Map<string, LayerEntry> =>
        new Map([...walkTree(root)].flatMap(({ path, entry }) => (entry ? [[path, entry] as const] : [])));
      const applied = entries(a);
      for (const { before } of diff(a, b)) if (before) applied.delete(before.path);
      for (const { after } of diff(a, b)) if (after) applied.set(after.path, after);
      // The name that carries the bytes depends on the tar, and a folder exists with or without an entry.
      const plain = (all: ReadonlyMap<string, LayerEntry>): readonly string[] =>
        [...all]
          .filter(([, { kind }]) => kind !== "directory")
          .map(([path, { kind }]) => `${path} ${kind === "hardlink" ? "file" : kind}`)
          .sort();
      assert.deepEqual(plain(applied), plain(entries(b)));
    }),
    { numRuns: 300 },
  );
});

test("sides with layers in common are stacked and compared as if each were alone", () => {
  const layers = fc.array(randomLayer, { maxLength: 3 });
  fc.assert(
    fc.property(layers, layers, layers, (shared, before, after) => {
      const [left, right] = [
        [...shared, ...before],
        [...shared, ...after],
      ];
      const [old, current] = [stack(left).root, stack(right).root];
      const sides = stackSides({ before: left, after: right });
      assert.deepEqual(diff(sides.before, sides.after), diff(old, current));
      assert.deepEqual(printTree(sides.before), printTree(old));
      assert.deepEqual(printTree(sides.after), printTree(current));
    }),
    { numRuns: 500 },
  );
});

test("a link that only stays behind in an untouched folder is compared by the names of its file", () => {
  const shared = layer("far/a 40 #x\nnear/b => far/a\nnear/c => far/a");
  const sides = stackSides({ before: [shared], after: [shared, layer("far/a 41 #y")] });
  assert.match(printRows(diff(sides.before, sides.after)), /metadata near\/b \(linkTarget\)/);
});

function printTree(root: TreeNode): readonly string[] {
  return [...walkTree(root)].map((node) => `${node.path} ${node.totalBytes} ${node.totalFiles} ${describe(node)}`);
}

/** Paths whose printed attributes differ; sizes here are too small for a path to count as moved. */
function naiveDiff(a: TreeNode, b: TreeNode): string[] {
  const print = (root: TreeNode): Map<string, string> =>
    new Map([...walkTree(root)].map((node) => [node.path, describe(node)]));
  const [before, after] = [print(a), print(b)];
  const isImplied = (text: string | undefined): boolean => text === undefined || text === "implied";
  const differs = (path: string): boolean => {
    const [old, current] = [before.get(path), after.get(path)];
    if (isImplied(old) && isImplied(current)) return false;
    if ((old === "implied" && current?.includes("directory")) || (current === "implied" && old?.includes("directory")))
      return false;
    return old !== current;
  };
  return [...new Set([...before.keys(), ...after.keys()])].filter(differs).sort();
}

function describe({ entry, linked }: TreeNode): string {
  if (!entry) return "implied";
  const shown = linked ?? entry;
  return JSON.stringify([entry.kind, entry.linkTarget, shown.size, shown.mode, shown.sha256]);
}
