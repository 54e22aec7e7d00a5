import assert from "node:assert/strict";
import { test } from "node:test";
import { layerLabel, layerWidths, lineText } from "../../../media/layerDiff/layerBar.ts";

test("layers are as wide as the bytes they ship, in one unit, if that is known for all", () => {
  const step = "";
  assert.deepEqual(
    layerWidths([
      { step, content: 3, blob: 9 },
      { step, content: 1 },
    ]),
    [0.75, 0.25],
  );
  assert.deepEqual(
    layerWidths([
      { step, content: 3, blob: 1 },
      { step, blob: 1 },
    ]),
    [0.5, 0.5],
  );
  assert.deepEqual(
    layerWidths([
      { step, engine: 1 },
      { step, engine: 4 },
    ]),
    [0.2, 0.8],
  );
  // Kinds of sizes are never mixed: all layers have the same width instead.
  assert.deepEqual(
    layerWidths([
      { step, content: 3 },
      { step, blob: 1 },
    ]),
    [0.5, 0.5],
  );
  assert.deepEqual(
    layerWidths([
      { step, content: 0 },
      { step, content: 0 },
    ]),
    [0.5, 0.5],
  );
});

test("a layer is read out with its position, its size and its instruction", () => {
  const layer = { step: "RUN make", content: 1500, blob: 700 };
  assert.equal(layerLabel(layer, { index: 1, count: 3, isBase: false }), "Layer 2 of 3: 1.50 kB, RUN make");
  assert.equal(
    layerLabel({ step: "" }, { index: 0, count: 3, isBase: true }),
    "Layer 1 of 3, from the base image: size not read yet",
  );
});

test("a layer is read out with its line of the Dockerfile, where that is known", () => {
  const origin = { file: "app/Dockerfile", lines: [null, 12] };
  assert.deepEqual(
    [0, 1, 2, undefined].map((index) => lineText(origin, index)),
    ["", "app/Dockerfile:12", "", ""],
  );
  const place = { index: 1, count: 2, isBase: false, line: lineText(origin, 1) };
  assert.equal(
    layerLabel({ step: "RUN make", content: 1500 }, place),
    "Layer 2 of 2, app/Dockerfile:12: 1.50 kB, RUN make",
  );
});
