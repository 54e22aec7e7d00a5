import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import type { Registry } from "../../rig/registry/registry.ts";

const { signal } = new AbortController();
const unpack = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync } as const;
const layers = [{ a: "x".repeat(100_000) }, { "b/": { directory: true as const }, "b/c": "abc" }];

let registry: Registry;
before(async () => {
  registry = await sharedRegistry();
});
after(() => registry.stop());

for (const compression of ["none", "gzip", "zstd"] as const)
  test(`the tar sizes of layers with compression "${compression}" are known without fetching them`, async () => {
    const content = await imageContent({ layers }, { compression });
    const target = { repository: "imagewright/tar-bytes", tag: compression };
    const reference = await pushImage(registry, target, content);
    const source = createRegistrySource();
    const image = await source.image(reference, {}, signal);
    assert.ok(image.ok);
    const sizes = await source.tarBytes(image.value, signal);
    const truth = image.value.layers.map(
      ({ digest }) => unpack[compression](content.blobs.get(digest ?? "") ?? Buffer.alloc(0)).length,
    );
    assert.deepEqual(sizes, { ok: true, value: truth });
    assert.ok(truth.every((bytes) => bytes > 1000));
  });
