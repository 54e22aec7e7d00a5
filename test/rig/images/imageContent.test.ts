import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { dockerArchive, sha256, imageContent, type FixtureImage } from "./imageContent.ts";

const image: FixtureImage = {
  layers: [{ "etc/": { directory: true }, "etc/hello": "text" }, { "etc/.wh.hello": "" }],
  config: { Env: ["A=b"] },
};

test("the same literal produces the same archive", async () => {
  assert.deepEqual(await dockerArchive(image, "tiny:1"), await dockerArchive(image, "tiny:1"));
});

test("every blob has the digest under which it is stored", async () => {
  const { blobs } = await imageContent([image, { ...image, platform: { os: "linux", architecture: "arm64" } }], {
    attestations: "each",
  });
  for (const [digest, bytes] of blobs) assert.equal(sha256(bytes), digest);
});

test("a DiffID is the digest of the layer before compression", async () => {
  for (const [compression, unpack] of [
    ["gzip", gunzipSync],
    ["zstd", zstdDecompressSync],
  ] as const) {
    const { blobs, images } = await imageContent(image, { compression });
    const layers = images[0]?.layers.map(({ digest }) => sha256(unpack(blobs.get(digest) ?? "")));
    assert.deepEqual(layers, images[0]?.diffIds);
  }
});
