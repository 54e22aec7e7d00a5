import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stack } from "../../../oci/core/stack.ts";
import { waste, wasteByLayers } from "../../../oci/core/waste.ts";
import { randomLayer } from "../../support/images/randomLayer.ts";
import { golden, layer } from "../../support/images/layerText.ts";

function check(texts: readonly string[], expected: string): void {
  const layers = texts.map(layer);
  const { bytes, shippedBytes, efficiency, paths, introducedBytes, hiddenBytes } = waste(stack(layers), layers.length);
  const lines = paths.map(
    (path) =>
      `${path.path} ${path.bytes}: ${path.versions.map(({ bytes, cause, introducedBy, hiddenBy, through }) => `${cause} ${bytes} ${introducedBy}-${hiddenBy}${through === undefined ? "" : ` through ${through}`}`).join(", ")}`,
  );
  assert.equal(
    [
      `${bytes} of ${shippedBytes}, ${Math.round(efficiency * 100)} %, by layer ${introducedBytes.join("/")}, hidden by ${hiddenBytes.join("/")}`,
      ...lines,
    ].join("\n"),
    golden(expected),
  );
}

test("only copies that don't show are waste", () => {
  check(["a 100 #x", "a 100 #x 0600"], "100 of 200, 50 %, by layer 100/0, hidden by 0/100\na 100: metadata 100 0-1");
});

test("a file that grew wastes its smaller version", () => {
  check(["a 1 #x", "a 99 #y"], "1 of 100, 99 %, by layer 1/0, hidden by 0/1\na 1: overwritten 1 0-1");
});

test("a removed directory is counted file by file", () => {
  check(
    ["cache/\ncache/a 30\ncache/b 70", "-cache"],
    "100 of 100, 0 %, by layer 100/0, hidden by 0/100\ncache/b 70: deleted 70 0-1 through cache\ncache/a 30: deleted 30 0-1 through cache",
  );
});

test("a file shipped again in an opaque directory is an identical copy", () => {
  check(
    ["m/\nm/a 10 #x\nm/b 5 #y", "m/\nm/ !\nm/a 10 #x"],
    "15 of 25, 40 %, by layer 15/0, hidden by 0/15\nm/a 10: identical 10 0-1 through m\nm/b 5: deleted 5 0-1 through m",
  );
});

test("each version of a path lists the layers that added and hid it", () => {
  check(
    ["a 1 #x", "a 2 #y", "-a"],
    "3 of 3, 0 %, by layer 1/2/0, hidden by 0/1/2\na 3: overwritten 1 0-1, deleted 2 1-2",
  );
});

test("content that a hard link still shows is not waste", () => {
  check(["a 10\nb => a", "-a"], "0 of 10, 100 %, by layer 0/0, hidden by 0/0");
});

test("an empty image wastes nothing", () => {
  check(["d/"], "0 of 0, 100 %, by layer 0, hidden by 0");
});

test("waste is summed by the layers that added and hid it, with what differs", () => {
  const layers = ["a 10 #x\nb 5 #y\nc 7 #z", "a 10 #x 0600\nb 5 #y 0600 u5", "-c"].map(layer);
  const sums = wasteByLayers(waste(stack(layers), layers.length).paths);
  assert.deepEqual(
    sums.map(({ introducedBy, hiddenBy, cause, bytes, fileCount, largestPath, attributes }) =>
      [introducedBy, hiddenBy, cause, bytes, fileCount, largestPath, ...attributes].join(" "),
    ),
    ["0 1 metadata 15 2 a mode owner", "0 2 deleted 7 1 c"],
  );
});

test("sums of waste agree however they are split", () => {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  fc.assert(
    fc.property(fc.array(randomLayer, { maxLength: 5 }), (layers) => {
      const { bytes, byCause, paths, introducedBytes, hiddenBytes } = waste(stack(layers), layers.length);
      const byLayers = wasteByLayers(paths).map((layer) => layer.bytes);
      for (const split of [
        Object.values(byCause),
        paths.map((path) => path.bytes),
        introducedBytes,
        hiddenBytes,
        byLayers,
      ])
        assert.equal(sum(split), bytes);
    }),
  );
});
