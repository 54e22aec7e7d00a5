import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRequest, isLayerChange, layerChange, requestTitle } from "../../../client/src/diff/side.ts";

const side = { sourceId: "engine", image: "sha256:1", name: "debian:12" };

test("a request outlives a reload", () => {
  for (const request of [layerChange(side, 2), { before: side, after: { ...side, name: "x" } }])
    assert.deepEqual(decodeRequest(JSON.parse(JSON.stringify(request))), request);
});

test("an invalid request is rejected", () => {
  for (const kept of [
    undefined,
    null,
    1,
    "x",
    {},
    { before: side },
    { before: side, after: { ...side, layerCount: -1 } },
    { before: side, after: { ...side, layerCount: "1" } },
  ])
    assert.equal(decodeRequest(kept), undefined);
});

test("the change of a layer is recognised as one layer of one image", () => {
  assert.equal(isLayerChange(layerChange(side, 0)), true);
  assert.equal(isLayerChange({ before: { ...side, layerCount: 1 }, after: { ...side, layerCount: 3 } }), false);
  assert.equal(
    isLayerChange({ before: { ...side, layerCount: 1 }, after: { ...side, image: "sha256:2", layerCount: 2 } }),
    false,
  );
  assert.equal(isLayerChange({ before: side, after: side }), false);
});

test("titles count layers from 1", () => {
  assert.equal(requestTitle(layerChange(side, 0)), "Layer 1 of debian:12");
  assert.equal(
    requestTitle({ before: { ...side, layerCount: 1 }, after: side }),
    "debian:12 up to layer 1 ↔ debian:12",
  );
});
