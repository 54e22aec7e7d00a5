import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createTextCache, noCache, type TextCache } from "../../../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchAptBase } from "../../../../dockerfile/facts/fetch/aptBase.ts";
import { failure, success } from "../../../../oci/core/error.ts";
import { image, layer } from "../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const key = { kind: "aptBase", reference: "debian:12" } as const;
const status = "Package: dpkg\nStatus: install ok installed\nVersion: 1\nArchitecture: arm64\n";

/** An engine with one image; `reads` records each read of its files. */
function engineWith(files: Readonly<Record<string, string>>, reads: string[] = []) {
  return {
    image: () => Promise.resolve(success(image({ layers: [layer(0)] }))),
    imageFiles: () => {
      reads.push("files");
      const contents = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
      return Promise.resolve(success({ contents: new Map(contents), sizes: new Map([["/var/log/dpkg.log", 5]]) }));
    },
    packageSizes: () => Promise.resolve(success({ profile: "full", packages: [], lostListBytes: 7 })),
  };
}

async function factOf(engine: Parameters<typeof fetchAptBase>[1], cache: TextCache = noCache) {
  const fact = await fetchAptBase(key, engine, cache, signal);
  return fact.state === "known" ? fact.value : fact.state === "unavailable" ? fact.reason : fact.state;
}

test("an image's packages and apt's files are read once per set of layers", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "apt-base-test-"));
  t.after(() => rm(folder, { recursive: true }));
  const reads: string[] = [];
  const engine = engineWith({ "/var/lib/dpkg/status": status }, reads);
  const first = await factOf(engine, createTextCache(folder));
  assert.ok(typeof first === "object");
  assert.deepEqual([first.architecture, first.lostListBytes, first.files?.get("/var/log/dpkg.log")], ["arm64", 7, 5]);
  assert.deepEqual(await factOf(engine, createTextCache(folder)), first);
  assert.equal(reads.length, 1);
});

test("an image without apt is unavailable, with the reason", async () => {
  assert.equal(await factOf(engineWith({})), "debian:12 has no packages of apt");
});

test("a missing image is unavailable, with the reason", async () => {
  const missing = failure({ kind: "notFound", what: "x", message: "no such image" });
  assert.equal(
    await factOf({ ...engineWith({}), image: () => Promise.resolve(missing) }),
    "debian:12 isn't among the engine's images",
  );
});
