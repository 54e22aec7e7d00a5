import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import type { OciError } from "../../../oci/core/error.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { openArchive, openArchiveStream, type Archive } from "../../../oci/archive/archive.ts";
import { createLayerCache } from "../../../oci/source/layerCache.ts";
import { archiveFolder } from "../../support/images/archiveFolder.ts";
import { checkSource } from "../../support/images/sourceContract.ts";
import {
  hybridSave,
  legacySave,
  ociLayout,
  podmanSave,
  sha256,
  type ArchiveFiles,
  type ArchiveImage,
} from "../../support/images/archiveFiles.ts";
import { tar, tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const { folder, save, saveFolder, opened, openFiles, keep } = archiveFolder();

async function problemOf(path: string): Promise<OciError> {
  const archive = await openArchive(path, {}, signal);
  assert.ok(!archive.ok);
  return archive.error;
}

const image: ArchiveImage = {
  layers: [
    { "etc/": "", "etc/passwd": "root" },
    { "app/run": "#!", "etc/.wh.passwd": "" },
    { "etc/": "", "etc/passwd": "root" },
  ],
  tags: ["tiny:1"],
};
const files = ["app/run 2", "etc/passwd 4"];

const generations: readonly (readonly [string, ArchiveFiles])[] = [
  ["docker save up to 24", legacySave(image)],
  ["podman save and skopeo", podmanSave(image)],
  ["docker save from 25", hybridSave(image)],
  ["an OCI layout of plain layers", ociLayout([image], { compression: "none" })],
  ["an OCI layout of gzip layers", ociLayout([image])],
  ["an OCI layout of zstd layers", ociLayout([image], { compression: "zstd" })],
  ["a containerd export with attestations", ociLayout([image], { names: "containerd", isIndex: true })],
];

describe("archives of every generation are read", () => {
  for (const [name, content] of generations) {
    test(`${name} is read as tar, gzip, zstd, folder and stream`, async () => {
      const bytes = tarOf(content);
      const all = [
        await opened(save(bytes)),
        await opened(save(gzipSync(bytes))),
        await opened(save(zstdCompressSync(bytes))),
        await opened(saveFolder(content)),
        await streamed(bytes),
      ];
      for (const archive of all) {
        const { image: read } = await checkSource(archive, { reference: "tiny:1", files });
        assert.deepEqual(read.tags, ["tiny:1"]);
        assert.equal(read.historyPairing, "exact");
        assert.equal(read.id, read.configDigest);
      }
    });
  }
});

async function streamed(bytes: Buffer): Promise<Archive> {
  const archive = await openArchiveStream(chunks(bytes), { what: "engine" }, { signal });
  assert.ok(archive.ok, archive.ok ? "" : archive.error.message);
  return keep(archive.value);
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += 4000)
    yield await Promise.resolve(bytes.subarray(start, start + 4000));
}

test("an unpacked archive leaves nothing on disk", async () => {
  const spoolFolder = mkdtempSync(join(folder, "spool-"));
  const archive = await opened(save(gzipSync(tarOf(legacySave(image)))), { spoolFolder });
  await archive.close();
  const failed = await openArchive(save(gzipSync(Buffer.from("no tar at all"))), { spoolFolder }, signal);
  assert.ok(!failed.ok);
  assert.deepEqual(readdirSync(spoolFolder), []);
});

test("the size of a stream is limited", async () => {
  const archive = await openArchiveStream(
    chunks(tarOf(legacySave(image))),
    { what: "engine", maxBytes: 5000, folder },
    { signal },
  );
  assert.ok(!archive.ok);
  assert.equal(archive.error.kind, "tooLarge");
});

const names = (archive: Archive): string[] =>
  archive
    .images()
    .map(
      ({ tags, platform, image: it }) =>
        `${tags.join()} ${platform ? formatPlatform(platform) : "?"} ${it.ok ? it.value.layers.length : it.error.kind}`,
    );

test("a missing blob is only a problem of its own layer", async () => {
  const content = ociLayout([image], { compression: "none" });
  const archive = await openFiles(content);
  const read = await archive.image("", {}, signal);
  assert.ok(read.ok);
  const [, second] = read.value.layers;
  assert.ok(second);
  delete content[`blobs/${(second.digest ?? "").replace(":", "/")}`];
  const without = await openFiles(content);
  const layers = await without.layers(read.value, {}, signal);
  assert.ok(layers.ok);
  assert.equal(layers.value.contents.size, 1);
  const problem = layers.value.problems?.get(second.diffId);
  assert.equal(problem?.kind, "notFound");
  assert.match(problem.message, /is not in the archive/);
});

test("a corrupt layer, a layer with other content and a wrong media type are distinguished", async () => {
  const content = ociLayout([{ layers: [{ a: "1" }] }]);
  // Its blob has the right digest; only the media type says gzip.
  const lying = ociLayout([{ layers: [{ a: "1" }], mediaTypeSuffix: "+gzip" }], { compression: "none" });
  const blobs = Object.entries(content).filter(([path, bytes]) => path.startsWith("blobs/") && Buffer.isBuffer(bytes));
  const [path] = blobs[0] ?? [""];
  const problem = async (bytes: Buffer): Promise<string> => problemIn({ ...content, [path]: bytes });
  const problemIn = async (all: ArchiveFiles): Promise<string> => {
    const archive = await openFiles(all);
    const found = await archive.image("", {}, signal);
    assert.ok(found.ok);
    const layers = await archive.layers(found.value, {}, signal);
    assert.ok(layers.ok);
    const [error] = [...(layers.value.problems ?? new Map<string, OciError>()).values()];
    return error?.kind ?? "none";
  };
  assert.equal(await problemIn(lying), "none");
  // The same layer, compressed differently: the digest names another blob.
  for (const other of [tarOf({ a: "1" }), gzipSync(tarOf({ a: "1" }), { level: 1 })])
    assert.equal(await problem(other), "digestMismatch");
  assert.equal(await problem(tarOf({ a: "2" })), "digestMismatch");
  assert.equal(await problem(gzipSync(tarOf({ a: "1" })).subarray(0, 40)), "badArchive");
  assert.equal(await problem(Buffer.from("BZh91AY")), "unsupported");
});

test("an encrypted layer is reported as encrypted", async () => {
  const layout = ociLayout([{ layers: [{ a: "1" }], mediaTypeSuffix: "+encrypted" }]);
  const archive = await openFiles(layout);
  const found = await archive.image("", {}, signal);
  assert.ok(found.ok);
  const layers = await archive.layers(found.value, {}, signal);
  assert.ok(layers.ok);
  assert.deepEqual(
    [...(layers.value.problems?.values() ?? [])].map(({ kind }) => kind),
    ["unsupported"],
  );
});

test("Docker 25.0.0's manifests without layers, and its null list, fall back to manifest.json", async () => {
  const content = hybridSave(image);
  const index = JSON.parse(String(content["index.json"])) as { manifests: { digest: string; size: number }[] };
  const [descriptor] = index.manifests;
  assert.ok(descriptor);
  const manifest = JSON.parse(String(content[`blobs/${descriptor.digest.replace(":", "/")}`])) as object;
  const empty = JSON.stringify({ ...manifest, layers: null });
  const withoutLayers = {
    ...content,
    [`blobs/sha256/${sha256(empty)}`]: empty,
    "index.json": JSON.stringify({ manifests: [{ ...descriptor, digest: `sha256:${sha256(empty)}` }] }),
  };
  for (const broken of [withoutLayers, { ...content, "index.json": '{"manifests":null}' }]) {
    await checkSource(await openFiles(broken), { reference: "tiny:1", files });
  }
});

test("a platform that is listed but was not saved is reported as missing", async () => {
  const arm: ArchiveImage = { layers: [{ arm: "1" }], platform: { os: "linux", architecture: "arm64" } };
  const content = ociLayout([image, arm], { isIndex: true });
  const complete = await openFiles(content);
  const found = complete.images()[1]?.image;
  assert.ok(found?.ok);
  delete content[`blobs/${(found.value.manifestDigest ?? "").replace(":", "/")}`];
  const archive = await openFiles(content);
  assert.deepEqual(names(archive), ["tiny:1 linux/amd64 3", "tiny:1 linux/arm64 notFound"]);
  await checkSource(archive, { reference: "tiny:1", files });
});

test("a config or manifest that doesn't match its digest is rejected", async () => {
  const content = hybridSave({ layers: [{ a: "1" }], tags: ["x:1"] });
  const config = Object.keys(content).find((path) => String(content[path]).includes('"rootfs"')) ?? "";
  const archive = await openFiles({ ...content, [config]: String(content[config]).replace("step 0", "step X") });
  const kinds = archive.images().map(({ image: it }) => (it.ok ? "ok" : it.error.kind));
  assert.ok(kinds.length > 0 && kinds.every((kind) => kind === "digestMismatch"), kinds.join());
});

test("a file that is not an image archive is reported as such", async () => {
  assert.match(
    (await problemOf(save(tarOf({ a: "1" })))).message,
    /neither an OCI layout \(index\.json\) nor a docker save archive/,
  );
  assert.match((await problemOf(save(tarOf({ "oci-layout": "{}" })))).message, /without its index\.json/);
  assert.equal((await problemOf(save(tarOf({ repositories: "{}" })))).kind, "unsupported");
  assert.match((await problemOf(save(tarOf({ "manifest.json": "[" })))).message, /not JSON/);
  assert.match(
    (await problemOf(save(tarOf({ "manifest.json": "[{}]" })))).message,
    /manifest\[0\]\.Config: expected a string/,
  );
  assert.match((await problemOf(save(tarOf({ "manifest.json": "[]" })))).message, /lists no image/);
  assert.match((await problemOf(save(Buffer.from("hello".repeat(200))))).message, /no tar header at byte 0/);
  assert.equal((await problemOf(join(folder, "nowhere"))).kind, "notFound");
  assert.equal((await problemOf("/dev/null")).kind, "badArchive");
});

test("an error that an engine appends to the tar is reported", async () => {
  const whole = tarOf(legacySave(image));
  const json = '{"errorDetail":{"message":"file does not exist"},"error":"file does not exist"}\r\n';
  for (const cut of [700, 1024]) {
    const archive = await openArchiveStream(
      chunks(Buffer.concat([whole.subarray(0, cut), Buffer.from(json)])),
      { what: "engine" },
      { signal },
    );
    assert.ok(!archive.ok);
    assert.equal(archive.error.message, "the engine stopped early: file does not exist");
  }
});

test("a link can't lead out of an archive or a folder", async () => {
  const config = JSON.stringify({
    os: "linux",
    architecture: "amd64",
    rootfs: { diff_ids: [`sha256:${sha256(tarOf({ a: "1" }))}`] },
  });
  const outside = save(tarOf({ a: "1" }));
  const manifest = JSON.stringify([{ Config: "c.json", RepoTags: [], Layers: ["l/layer.tar"] }]);
  const content = { "c.json": config, "l/layer.tar": `-> ${outside}`, "manifest.json": manifest };
  for (const archive of [await openFiles(content), await opened(saveFolder(content))]) {
    const found = await archive.image("", {}, signal);
    assert.ok(found.ok);
    const layers = await archive.layers(found.value, {}, signal);
    assert.ok(layers.ok);
    assert.deepEqual(
      [...(layers.value.problems ?? new Map<string, OciError>()).values()].map(({ kind }) => kind),
      ["notFound"],
    );
  }
  const escaping = await openFiles({ ...content, "manifest.json": manifest.replace("c.json", "../../etc/passwd") });
  assert.equal(escaping.images()[0]?.image.ok, false);
});

test("circular links end with an error", async () => {
  const archive = await openFiles({
    "a.json": "-> b.json",
    "b.json": "-> a.json",
    "manifest.json": JSON.stringify([{ Config: "a.json", RepoTags: [], Layers: [] }]),
  });
  assert.equal(archive.images()[0]?.image.ok, false);
});

test("a truncated archive reports where it ends", async () => {
  const bytes = tarOf(legacySave(image));
  for (const cut of [513, 600, 1024, bytes.length / 2])
    assert.match((await problemOf(save(bytes.subarray(0, cut)))).message, /truncated/);
});

test("a layer is read only once if there is a cache", async () => {
  const cache = createLayerCache();
  const archive = await opened(save(tarOf(ociLayout([image]))), { cache });
  const { image: found } = await checkSource(archive, { reference: "", files });
  let read = 0;
  const again = await archive.layers(found, { onProgress: ({ readBytes }) => (read = readBytes) }, signal);
  assert.ok(again.ok);
  assert.equal(again.value.contents.size, 2);
  assert.equal(read, 0);
});

test("only the requested layers are read", async () => {
  const archive = await openFiles(legacySave(image));
  const found = await archive.image("", {}, signal);
  assert.ok(found.ok);
  const [, second] = found.value.layers;
  assert.ok(second);
  const layers = await archive.layers(found.value, { wanted: [second.diffId] }, signal);
  assert.ok(layers.ok);
  assert.deepEqual([...layers.value.contents.keys()], [second.diffId]);
});

test("opening never throws, whatever the bytes", async () => {
  const valid = tar(Object.entries(hybridSave(image)).map(([path, content]) => ({ path, content })));
  const damage = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.array(damage, { maxLength: 8 }),
      fc.integer({ min: 0, max: valid.length }),
      async (damages, length) => {
        const bytes = Buffer.from(valid);
        for (const [at, byte] of damages) bytes[at] = byte;
        const archive = await openArchiveStream(chunks(bytes.subarray(0, length)), { what: "x", folder }, { signal });
        if (!archive.ok) return;
        for (const { image: found } of archive.value.images())
          if (found.ok) await archive.value.layers(found.value, {}, signal);
        await archive.value.close();
      },
    ),
    { numRuns: 100 },
  );
});
