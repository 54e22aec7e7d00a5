import assert from "node:assert/strict";
import { test } from "node:test";
import { noCache, type TextCache } from "../../../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchImageWaste } from "../../../../dockerfile/facts/fetch/imageWaste.ts";
import { contentBytes } from "../../../../oci/core/bytes.ts";
import { success } from "../../../../oci/core/error.ts";
import { image, layer } from "../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const layers = [layer(0), layer(1)];
const key = { kind: "imageWaste", reference: "app:1", layers: layers.map(({ diffId }) => diffId) } as const;
const waste = { bytes: contentBytes(7), byLayers: [] };

function engineWith(engineBytes: number) {
  const read: string[] = [];
  const named = image({ reference: "app:1", layers, engineBytes });
  return {
    read,
    image: () => Promise.resolve(success(named)),
    waste: ({ reference }: { readonly reference: string }) => {
      read.push(reference);
      return Promise.resolve(success({ ...waste, paths: ["more than is kept"] }));
    },
  };
}

function memoryCache(): TextCache & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (name) => Promise.resolve(kept.get(name)),
    put: (name, text) => Promise.resolve(void kept.set(name, text)),
  };
}

test("the waste of an image is read once for its layers", async () => {
  const [engine, cache] = [engineWith(1000), memoryCache()];
  for (let times = 0; times < 2; times++)
    assert.deepEqual(await fetchImageWaste(key, engine, cache, signal), { state: "known", value: waste });
  assert.deepEqual(engine.read, ["app:1"]);
});

test("a damaged text in the cache is read again from the image", async () => {
  for (const text of ["{", "[]", '{"bytes":1}']) {
    const [engine, cache] = [engineWith(1000), memoryCache()];
    await fetchImageWaste(key, engine, cache, signal);
    for (const name of cache.kept.keys()) cache.kept.set(name, text);
    assert.deepEqual(await fetchImageWaste(key, engine, cache, signal), { state: "known", value: waste });
    assert.equal(engine.read.length, 2);
  }
});

test("a name that moved, and an image of more than 1 GiB, are not read", async () => {
  const engine = engineWith(1000);
  const moved = await fetchImageWaste({ ...key, layers: ["sha256:other"] }, engine, noCache, signal);
  assert.deepEqual(moved, { state: "unavailable", reason: "app:1 names another image now" });
  const large = engineWith(1024 ** 3 + 1);
  assert.equal((await fetchImageWaste(key, large, noCache, signal)).state, "unavailable");
  assert.deepEqual([...engine.read, ...large.read], []);
});
