import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { entriesOf, opaqueDirectoriesOf, whiteoutsOf } from "../../../oci/core/columns/content.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";
import { walkTree } from "../../../oci/core/layerTree.ts";
import { stack, type Stack } from "../../../oci/core/stack.ts";
import { randomLayer } from "../../support/images/randomLayer.ts";
import { golden, layer, printTree } from "../../support/images/layerText.ts";

function check(texts: readonly string[], tree: string, vanished = ""): void {
  const stacked = stack(texts.map(layer));
  assert.equal(printTree(stacked.root), golden(tree));
  assert.equal(printVanished(stacked), golden(vanished));
}

function printVanished({ vanished }: Stack): string {
  return vanished
    .map(
      ({ path, introducedBy, endedBy, reason, cause, bytes, successor }) =>
        `${path} ${introducedBy}-${endedBy} ${reason}${cause === path ? "" : ` of ${cause || "/"}`}${bytes === 0 ? "" : ` ${bytes}`}${successor ? ` by ${successor.kind}` : ""}`,
    )
    .join("\n");
}

test("a whiteout removes from lower layers only, whatever its position in its own layer", () => {
  check(["a 1\nb 2", "a 3\n-a\n-b"], "a 3 @1", "a 0-1 whiteout 1 by file\nb 0-1 whiteout 2");
});

test("a directory whiteout also removes everything below", () => {
  check(["d/\nd/x 1\nd/e/y 2", "-d"], "", "d 0-1 whiteout\nd/e/y 0-1 whiteout of d 2\nd/x 0-1 whiteout of d 1");
});

test("an opaque directory hides its content in lower layers and keeps its own", () => {
  check(
    ["d/\nd/x 1\nd/sub/y 2", "d/\nd/ !\nd/z 4"],
    `
    d/ [4 in 1] @1
      z 4 @1`,
    "d/x 0-1 opaque of d 1\nd/sub/y 0-1 opaque of d 2",
  );
});

test("an opaque root leaves only its own layer", () => {
  check(["a 1", "/ !\nb 2"], "b 2 @1", "a 0-1 opaque of / 1");
});

test("a file over a directory removes the subtree, and a directory over a file removes the file", () => {
  check(["d/\nd/x 1", "d 5"], "d 5 @1", "d 0-1 replaced by file\nd/x 0-1 replaced of d 1");
  check(["d 5", "d/\nd/x 1"], "d/ [1 in 1] @1\n  x 1 @1", "d 0-1 replaced 5 by directory");
});

test("a directory over a directory changes attributes and keeps its children", () => {
  check(["d/\nd/x 1", "d/ 0700"], "d/ [1 in 1] @1\n  x 1 @0");
});

test("a path below a lower symlink turns it into a directory: links of other layers are not followed", () => {
  check(
    ["lib -> usr/lib\nusr/lib/a 1", "lib/b 2"],
    "lib/ [2 in 1] implied\n  b 2 @1\nusr/ [1 in 1] implied\n  lib/ [1 in 1] implied\n    a 1 @0",
    "lib 0-1 replaced",
  );
});

test("a hard link keeps the content when the first name is removed", () => {
  check(["a 10\nb => a", "-a"], "b 10 @0", "a 0-1 whiteout");
  check(["a 10\nb => a", "-a", "-b"], "", "a 0-1 whiteout\nb 0-2 whiteout 10");
});

test("changing one name of a hard link splits it", () => {
  check(["a 10\nb => a", "a 12"], "a 12 @1\nb 10 @0", "a 0-1 replaced by file");
});

test("a hard link into a lower layer shows its content", () => {
  check(["a 10", "b => a"], "a 10 @0\nb => a (10) @1");
  check(["a 10", "b => nowhere"], "a 10 @0\nb => nowhere (dangling) @1");
});

test("a marker below a lower layer's link or file turns it into a folder", () => {
  for (const marker of ["-lnk/old", "lnk/ !"])
    check(
      ["real/old 1\nlnk -> real", marker],
      "lnk/ [0 in 0] implied\nreal/ [1 in 1] implied\n  old 1 @0",
      "lnk 0-1 replaced",
    );
});

test("a file that its own layer replaced is shipped and hidden", () => {
  const { shippedBytes, vanished } = stack([layer("a 10\na 20")]);
  assert.equal(shippedBytes, 30);
  assert.deepEqual(
    vanished.map(({ path, bytes, introducedBy, endedBy }) => [path, bytes, introducedBy, endedBy]),
    [["a", 10, 0, 0]],
  );
});

test("whiteouts without a target are reported", () => {
  const { danglingWhiteouts } = stack([layer("a 1\nd/x 1"), layer("-a\n-gone\n-d\n-d/x")]);
  assert.deepEqual(danglingWhiteouts, [{ path: "gone", layerIndex: 1 }]);
});

test("every shipped byte is either visible or vanished", () => {
  fc.assert(
    fc.property(fc.array(randomLayer, { maxLength: 5 }), (layers) => {
      const { shippedBytes, visibleBytes, vanished } = stack(layers);
      assert.equal(
        vanished.reduce<number>((sum, { bytes }) => sum + bytes, visibleBytes),
        shippedBytes,
      );
    }),
  );
});

test("the stacked file system equals a naive model: a flat list of paths, filtered layer by layer", () => {
  fc.assert(
    fc.property(fc.array(randomLayer, { maxLength: 5 }), (layers) => {
      const shown = [...walkTree(stack(layers).root)].flatMap(({ path, layerIndex, entry }) =>
        entry ? [`${path} ${layerIndex} ${entry.kind === "hardlink" ? "file" : entry.kind}`] : [],
      );
      assert.deepEqual(shown.sort(), naiveStack(layers).sort());
    }),
    { numRuns: 300 },
  );
});

type Paths = Map<string, { readonly layer: number; readonly kind: LayerEntry["kind"] }>;

/** The rules of image-spec layer.md in the plainest form, without a tree or shared code. Links count as files here. */
function naiveStack(layers: readonly LayerContent[]): string[] {
  const paths: Paths = new Map();
  for (const [layerIndex, content] of layers.entries()) {
    const [whiteouts, opaqueDirectories] = [whiteoutsOf(content), opaqueDirectoriesOf(content)];
    drop(paths, (path) => opaqueDirectories.some((directory) => isBelow(path, directory)));
    drop(paths, (path) => whiteouts.some((gone) => path === gone || isBelow(path, gone)));
    // A marker needs a folder to be in.
    const markers = [...whiteouts, ...opaqueDirectories.map((folder) => `${folder}/`)];
    const opened = [...paths].filter(
      ([path, { kind }]) => kind !== "directory" && markers.some((marker) => isBelow(marker, path)),
    );
    drop(paths, (path) => opened.some(([other]) => isBelow(`${path}/`, other)));
    for (const { path, kind } of entriesOf(content))
      naivePlace(paths, path, { layer: layerIndex, kind: kind === "hardlink" ? "file" : kind });
  }
  return [...paths].map(([path, { layer, kind }]) => `${path} ${layer} ${kind}`);
}

function naivePlace(
  paths: Paths,
  path: string,
  entry: { readonly layer: number; readonly kind: LayerEntry["kind"] },
): void {
  const old = paths.get(path);
  const staysDirectory = entry.kind === "directory" && (old === undefined || old.kind === "directory");
  if (!staysDirectory) drop(paths, (other) => isBelow(other, path));
  const turned = [...paths].filter(
    ([other, { layer, kind }]) => isBelow(path, other) && kind !== "directory" && layer < entry.layer,
  );
  drop(paths, (other) => turned.some(([gone]) => other === gone || isBelow(other, gone)));
  paths.set(path, entry);
}

function drop(paths: Paths, isGone: (path: string) => boolean): void {
  for (const path of paths.keys()) if (isGone(path)) paths.delete(path);
}

function isBelow(path: string, directory: string): boolean {
  return directory === "" || path.startsWith(`${directory}/`);
}
