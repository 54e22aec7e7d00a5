import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createTextCache, noCache, type TextCache } from "../../../../dockerfile/facts/fetch/apt/cache.ts";
import { createBuiltImagesReader } from "../../../../dockerfile/facts/fetch/builtImages.ts";
import { fetchLearnedPackages } from "../../../../dockerfile/facts/fetch/learnedPackages.ts";
import { failure, success } from "../../../../oci/core/error.ts";
import type { PackageSize } from "../../../../oci/packages/packageSizes.ts";
import { image, layer, summary } from "../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const curl: PackageSize = {
  name: "curl",
  version: "7",
  architecture: "amd64",
  bytes: 500,
  infoBytes: 10,
  pythonBytes: 0,
  byteCodeBytes: 0,
};

/** An engine with a base of one layer and an image with a second layer that a step created. */
function engineWith(createdBy: string, counted: string[] = []) {
  const [below, above] = [layer(0), layer(1, { step: { createdBy } })];
  const base = image({ reference: "debian:12", layers: [below] });
  const built = image({ reference: "app:1", layers: [below, above], engineBytes: 1000, engineSizeKind: "content" });
  const reader = {
    list: () => Promise.resolve(success([summary({ tags: ["app:1"] })])),
    image: (reference: string) => Promise.resolve(success(reference === "debian:12" ? base : built)),
    packageSizes: ({ reference }: { readonly reference: string }) => {
      counted.push(reference);
      return Promise.resolve(success({ profile: "full", packages: [curl], lostListBytes: 0 }));
    },
  };
  return { open: () => Promise.resolve(success(reader)), builtImages: createBuiltImagesReader() };
}

async function learnedFrom(engine: ReturnType<typeof engineWith>, cache: TextCache) {
  const key = { kind: "learnedPackages", reference: "debian:12" } as const;
  const fact = await fetchLearnedPackages(key, engine, cache, signal);
  return fact.state === "known" ? fact.value : assert.fail(fact.state);
}

test("sizes are learned once from an image built on the base with apt, and remembered without an engine", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "learned-test-"));
  t.after(() => rm(folder, { recursive: true }));
  const cache = createTextCache(folder);
  const counted: string[] = [];
  const engine = engineWith("RUN apt-get update && apt-get install -y curl", counted);
  assert.deepEqual((await learnedFrom(engine, cache)).find(curl, "full"), curl);
  const again = await learnedFrom(engine, cache);
  assert.equal(counted.length, 1);
  assert.equal(again.find(curl, "exclude x"), undefined);
  assert.equal(again.find({ ...curl, version: "8" }, "full"), undefined);
  const gone = failure({ kind: "engineUnreachable", endpoint: "x", tried: [], message: "gone" });
  const without = { open: () => Promise.resolve(gone), builtImages: createBuiltImagesReader() };
  const key = { kind: "learnedPackages", reference: "debian:12" } as const;
  const fact = await fetchLearnedPackages(key, without, cache, signal);
  assert.deepEqual(fact.state === "known" && fact.value.find(curl, "full"), curl);
});

test("an image without a line of apt isn't read", async () => {
  const counted: string[] = [];
  await learnedFrom(engineWith("RUN make install", counted), noCache);
  assert.deepEqual(counted, []);
});
