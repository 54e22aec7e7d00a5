import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createReadImages } from "../../../client/src/sources/readImages.ts";
import { contentBytes } from "../../../oci/core/bytes.ts";
import { image, layer, step } from "../../support/images/literalImages.ts";

const said = image({
  historyPairing: "inferred",
  layers: [layer(0, { engineBytes: 7, step: step("guess") }), layer(1)],
  tags: ["now:2"],
});
const exact = image({
  historyPairing: "exact",
  layers: [layer(0, { step: step("ADD") }), layer(1, { step: step("RUN") })],
  tags: ["then:1"],
});
const sized = image({
  historyPairing: "inferred",
  layers: [layer(0, { contentBytes: contentBytes(3), step: step("guess") }), layer(1)],
});

describe("data from read layers", () => {
  test("an image that hasn't been read is unchanged", () =>
    assert.equal(createReadImages().complete("engine", said), said));
  test("read layers add sizes and exact history, and keep names and the engine's sizes", () => {
    const images = createReadImages();
    assert.equal(images.note("engine", exact), true);
    assert.equal(images.note("engine", sized), true);
    const { historyPairing, tags, layers } = images.complete("engine", said);
    assert.deepEqual([historyPairing, tags], ["exact", ["now:2"]]);
    assert.deepEqual(
      layers.map(({ step: made, contentBytes: bytes, engineBytes }) => [made?.createdBy, bytes, engineBytes]),
      [
        ["ADD", 3, 7],
        ["RUN", undefined, undefined],
      ],
    );
  });
  test("the same data again is not a change", () => {
    const images = createReadImages();
    images.note("engine", exact);
    assert.equal(images.note("engine", exact), false);
  });
  test("another image under the ID, or another source, is unchanged", () => {
    const images = createReadImages();
    images.note("engine", exact);
    const other = image({ layers: [layer(5)] });
    assert.equal(images.complete("engine", other), other);
    assert.equal(images.complete("archive:/x.tar", said), said);
  });
  test("an image without blobs gets the layers that were found for it, under its own names", () => {
    const images = createReadImages();
    const without = image({ layers: [], contentFrom: { kind: "nowhere" }, tags: ["now:2"] });
    images.note("engine", { ...exact, contentFrom: { kind: "image", id: "b", name: "twin:1" } });
    const { layers, tags, contentFrom } = images.complete("engine", without);
    assert.deepEqual([layers, tags, contentFrom?.kind], [exact.layers, ["now:2"], "image"]);
  });
});
