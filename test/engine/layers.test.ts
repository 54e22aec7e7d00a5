import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { sharedContainerdEngine, sharedEngine } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import {
  dockerArchive,
  layoutArchive,
  imageContent,
  type ImageContent,
  type FixtureImage,
} from "../rig/images/imageContent.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";
import { checkSource } from "../support/images/sourceContract.ts";

const tiny: FixtureImage = {
  layers: [
    {
      "etc/": { directory: true },
      "etc/hello": "hello",
      "etc/gone": "gone",
      "bin/x": { content: "x".repeat(10_000), mode: 0o755 },
    },
    { "etc/.wh.gone": "", "etc/hello": "hello, changed", link: { link: "etc/hello" } },
  ],
};
const files = ["bin/x 10000", "etc/hello 14"];
const reference = "imagewright.test/layers:1";

async function readAll(rig: Rig, archive: Buffer, content: ImageContent): Promise<void> {
  await loadImage(rig, archive);
  // A separate worker: one that already knows these layers wouldn't contact the engine.
  const client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
  try {
    const connection = socketConnection(rig.socketPath);
    const { image, read } = await checkSource(createEngine(connection, client.layersOf(connection)), {
      reference,
      files,
    });
    checkIdentity(image, content);
    // The history from the bytes is exact; from the engine alone it could only be inferred.
    assert.equal(read.image.historyPairing, "exact");
    checkIdentity(read.image, content);
  } finally {
    client.dispose();
    await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${reference}?force=1` });
  }
}

describe("layers of an engine's image read by the worker", () => {
  test("layers of a classic store are read", async () => {
    const rig = await sharedEngine();
    try {
      await readAll(rig, await dockerArchive(tiny, reference), await imageContent(tiny, { compression: "none" }));
    } finally {
      await rig.stop();
    }
  });
  for (const compression of ["gzip", "zstd"] as const) {
    test(`layers of a containerd store with compression "${compression}" are read`, async (context) => {
      const rig = await sharedContainerdEngine();
      if (!rig) return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
      try {
        const content = await imageContent(tiny, { compression, attestations: "each" });
        await readAll(rig, await layoutArchive(content, reference), content);
      } finally {
        await rig.stop();
      }
    });
  }
});
