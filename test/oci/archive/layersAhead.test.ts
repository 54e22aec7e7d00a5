import assert from "node:assert/strict";
import { test } from "node:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { openArchive, openArchiveStream, type Archive } from "../../../oci/archive/archive.ts";
import { readLayersAhead } from "../../../oci/archive/layersAhead.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { LayerContent } from "../../../oci/core/entry.ts";
import { createLayerCache, type LayerCache } from "../../../oci/source/layerCache.ts";
import { hybridSave, legacySave, ociLayout, podmanSave, sha256 } from "../../support/images/archiveFiles.ts";
import { listed } from "../../support/images/listedContent.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const large = "x".repeat(5000);
const layers = [{ "etc/conf": "one", "bin/tool": large }, { "etc/.wh.conf": "", "var/log": `${large}y` }, { a: "" }];
const tars = layers.map((layer) => tarOf(layer));
const diffIds = tars.map((tar) => `sha256:${sha256(tar)}` as DiffId);

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

async function openStream(bytes: Buffer, cache: LayerCache | undefined, size = 1500): Promise<Archive> {
  const archive = await openArchiveStream(chunks(bytes, size), { what: "engine" }, { signal, ...(cache && { cache }) });
  assert.ok(archive.ok, archive.ok ? "" : archive.error.message);
  return archive.value;
}

const archives: Readonly<Record<string, Buffer>> = {
  "Docker up to 24": tarOf(legacySave({ layers })),
  "Docker from 25 on": tarOf(hybridSave({ layers })),
  Podman: tarOf(podmanSave({ layers })),
  "an OCI layout with gzip": tarOf(ociLayout([{ layers }])),
};

for (const [name, bytes] of Object.entries(archives)) {
  test(`layers of ${name} are in the cache once the archive has arrived, equal to those read from a file`, async () => {
    for (const size of [511, 1500, 100_000]) {
      const cache = createLayerCache();
      const archive = await openStream(bytes, cache, size);
      const ahead = await Promise.all(diffIds.map((diffId) => cache.get(diffId)));
      const [image] = archive.images();
      const plain = await openStream(bytes, undefined, size);
      assert.ok(image?.image.ok);
      const read = await plain.layers(image.image.value, {}, signal);
      assert.ok(read.ok);
      for (const [index, early] of ahead.entries()) {
        const late: LayerContent | undefined = [...read.value.contents.values()][index];
        assert.ok(early && late, `layer ${index} in pieces of ${size} bytes`);
        assert.deepEqual(listed(early), listed(late));
      }
      await archive.close();
      await plain.close();
    }
  });
}

test("layers of a compressed archive are in the cache once it is open, so that it is unpacked only once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "imagewright-ahead-test-"));
  try {
    for (const compress of [gzipSync, zstdCompressSync]) {
      const path = join(folder, `${compress.name}.tar`);
      await writeFile(path, compress(tarOf(legacySave({ layers }))));
      const cache = createLayerCache();
      const archive = await openArchive(path, { cache, spoolFolder: folder }, signal);
      assert.ok(archive.ok, archive.ok ? "" : archive.error.message);
      for (const diffId of diffIds) assert.ok(await cache.get(diffId), `${compress.name} ${diffId}`);
      await archive.value.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a layer that doesn't match its config is not taken from the cache, and its problem is reported", async () => {
  const wrong = `sha256:${"0".repeat(64)}` as DiffId;
  const rootfs = { type: "layers", diff_ids: [...diffIds.slice(0, 2), wrong] };
  const files = legacySave({ layers, config: { rootfs } });
  const cache = createLayerCache();
  const archive = await openStream(tarOf(files), cache);
  const [image] = archive.images();
  assert.ok(image?.image.ok);
  const read = await archive.layers(image.image.value, {}, signal);
  assert.ok(read.ok);
  assert.deepEqual([...read.value.contents.keys()], diffIds.slice(0, 2));
  const problems = [...(read.value.problems ?? [])].map(([diffId, { kind }]) => [diffId, kind]);
  assert.deepEqual(problems, [[wrong, "digestMismatch"]]);
  await archive.close();
});

test("a stream that breaks off or is not an archive leaves no partial layers in the cache", async () => {
  const bytes = archives["Docker up to 24"] ?? Buffer.alloc(0);
  for (let length = 0; length < bytes.length; length += 700) {
    const kept: DiffId[] = [];
    const cache: LayerCache = {
      get: () => Promise.resolve(undefined),
      set: (diffId) => Promise.resolve(void kept.push(diffId)),
    };
    const ahead = readLayersAhead("engine", cache, signal);
    for await (const piece of chunks(bytes.subarray(0, length), 300)) await ahead.write(piece);
    await ahead.end();
    assert.deepEqual(
      kept.filter((diffId) => !diffIds.includes(diffId)),
      [],
    );
  }
  const ahead = readLayersAhead("engine", createLayerCache(), signal);
  for (const junk of ["no tar", "{}", gzipSync(large)]) await ahead.write(Buffer.from(junk));
  await ahead.end();
});

test("an incomplete layer ends when the copy is cancelled", async () => {
  const controller = new AbortController();
  const bytes = archives["Docker up to 24"] ?? Buffer.alloc(0);
  const ahead = readLayersAhead("engine", createLayerCache(), controller.signal);
  await ahead.write(bytes.subarray(0, bytes.length / 2));
  controller.abort();
  await ahead.write(bytes.subarray(bytes.length / 2, bytes.length - 2000));
  await ahead.end();
});
