import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createTextCache, noCache } from "../../../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchImageFiles } from "../../../../dockerfile/facts/fetch/imageFiles.ts";
import type { FactKeyOf } from "../../../../dockerfile/facts/fact.ts";
import { maxDownloadBytes, readFromRegistry } from "../../../../dockerfile/facts/fetch/registryReader.ts";
import type { RegistryOpener } from "../../../../dockerfile/facts/machine.ts";
import type { BlobBytes } from "../../../../oci/core/bytes.ts";
import { failure, success } from "../../../../oci/core/error.ts";
import { unusedRegistrySource } from "../../../support/dockerfile/factStore.ts";
import { image, layer } from "../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const key: FactKeyOf<"registryFiles"> = { kind: "registryFiles", reference: "ghcr.io/a/b:1" };

/** A registry with one image; `wanted` records the files that were read of it. */
function registryWith(blobBytes: number | undefined, wanted: string[][] = []): RegistryOpener {
  const only = { ...layer(0), ...(blobBytes !== undefined && { blobBytes: blobBytes as BlobBytes }) };
  return {
    whyNot: (host) => (host === "ghcr.io" ? undefined : `${host} isn't allowed`),
    fetch: assert.fail,
    source: {
      ...unusedRegistrySource,
      image: () => Promise.resolve(success(image({ layers: [only] }))),
      imageFiles: (_image, { paths }) => {
        wanted.push([...paths]);
        const contents = paths.map((path) => [path, Buffer.from("root:x:0")] as const);
        return Promise.resolve(success({ contents: new Map(contents), sizes: new Map(), listing: [] }));
      },
    },
  };
}

async function reasonOf(registries: Parameters<typeof readFromRegistry>[1], reference = key.reference) {
  const wanted = { ...key, reference };
  const fact = await readFromRegistry(wanted, registries, (reader) => fetchImageFiles(wanted, reader, noCache, signal));
  return fact.state === "unavailable" ? fact.reason : fact.state;
}

async function cacheOf(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "registry-reader-test-"));
  t.after(() => rm(folder, { recursive: true }));
  return createTextCache(folder);
}

test("files of an image are read from a registry that the user allows", async () => {
  assert.equal(await reasonOf(registryWith(1000)), "known");
});

test("a registry that the user doesn't allow isn't contacted", async () => {
  const reason = "no local engine has debian:12; docker.io isn't allowed";
  assert.equal(await reasonOf({ ...registryWith(1), source: unusedRegistrySource }, "debian:12"), reason);
  assert.equal(await reasonOf({ refusal: "offline" }), "no local engine has ghcr.io/a/b:1; offline");
});

test("an image whose layers are too large, or of unknown size, isn't downloaded", async () => {
  for (const bytes of [maxDownloadBytes + 1, undefined])
    assert.match(await reasonOf(registryWith(bytes)), /larger than 200 MB/, String(bytes));
});

test("an image that the registry lacks is unavailable, with the registry's reason", async () => {
  const missing = failure({ kind: "notFound", what: "x", message: "ghcr.io has no a/b:1" });
  const registry = registryWith(1);
  const source = { ...registry.source, image: () => Promise.resolve(missing) };
  assert.match(await reasonOf({ ...registry, source }), /; ghcr\.io has no a\/b:1$/);
});

test("texts of an image's files are kept, so that layers are read again only for their lists", async (t) => {
  const cache = await cacheOf(t);
  const wanted: string[][] = [];
  const { source } = registryWith(1, wanted);
  const texts = async () => {
    const fact = await fetchImageFiles(key, source, cache, signal);
    return fact.state === "known" ? fact.value.texts.get("/etc/passwd") : fact.state;
  };
  assert.deepEqual([await texts(), await texts()], ["root:x:0", "root:x:0"]);
  assert.deepEqual([wanted[0]?.includes("/etc/passwd"), wanted[1]], [true, []]);
});
