import assert from "node:assert/strict";
import { test } from "node:test";
import type { Build } from "../../../client/src/builds/build.ts";
import { compareBuilds, rebuildText } from "../../../client/src/builds/rebuild.ts";

/** Layers as `id:instruction:bytes`, base first; without bytes the engine doesn't report them. */
function build(...layers: readonly string[]): Build {
  return {
    id: "x",
    layers: layers.map((text) => {
      const [diffId = "", createdBy = "", bytes] = text.split(":");
      return { diffId, createdBy, ...(bytes !== undefined && { bytes: Number(bytes) }) };
    }),
  };
}

test("the layer that changed the size most is named, not the first that was built again", () => {
  assert.deepEqual(
    compareBuilds(build("0:FROM:100", "1:COPY a:10", "2:RUN x:50"), build("0:FROM:100", "3:COPY a:11", "4:RUN x:90")),
    { deltaBytes: 41, layerIndex: 2, hasSameLayers: false },
  );
});

test("an inserted layer is the one that changed the size", () => {
  assert.deepEqual(compareBuilds(build("0:FROM:100", "1:RUN x:5"), build("0:FROM:100", "7:COPY b:30", "1:RUN x:5")), {
    deltaBytes: 30,
    layerIndex: 1,
    hasSameLayers: false,
  });
});

test("a removed layer has no line in the newer build", () => {
  assert.deepEqual(compareBuilds(build("0:FROM:100", "1:RUN x:5"), build("0:FROM:100")), {
    deltaBytes: -5,
    hasSameLayers: false,
  });
});

test("without the size of every layer the difference is unknown", () => {
  assert.deepEqual(compareBuilds(build("0:FROM:100", "1:RUN x"), build("0:FROM:100", "2:RUN x:7")), {
    layerIndex: 1,
    hasSameLayers: false,
  });
});

test("builds whose layers are not known can't be compared", () => {
  assert.equal(compareBuilds({ id: "gone" }, build("0:FROM:1")), undefined);
});

test("the status names image, difference and line", () => {
  const grown = { deltaBytes: 3_100_000, layerIndex: 1, hasSameLayers: false };
  assert.deepEqual(
    [
      rebuildText("shop:dev", grown, 14),
      rebuildText("shop:dev", { ...grown, deltaBytes: -1 }, undefined),
      rebuildText("shop:dev", { hasSameLayers: false }, 3),
      rebuildText("shop:dev", { deltaBytes: 0, hasSameLayers: true }, undefined),
      rebuildText("shop:dev", undefined, undefined),
    ],
    [
      "shop:dev +3.10 MB (line 14)",
      "shop:dev -1 B",
      "shop:dev rebuilt (line 3)",
      "shop:dev rebuilt, same layers",
      "shop:dev rebuilt",
    ],
  );
});
