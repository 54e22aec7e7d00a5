import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import type { EngineConnection } from "../../../oci/engine/endpoint/connection.ts";
import { createLayerClient, type LayerClient, type LayerClientOptions } from "../../../oci/layers/client.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { Image } from "../../../oci/core/image.ts";
import { checkSource } from "../../support/images/sourceContract.ts";
import { hybridSave, legacySave, type ArchiveImage } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-worker-test-"));
after(() => rmSync(folder, { recursive: true }));
const workerPath = new URL("../../../oci/layers/worker.ts", import.meta.url);

function client(options: Partial<LayerClientOptions> = {}): LayerClient {
  const made = createLayerClient({ workerPath, ...options });
  after(() => made.dispose());
  return made;
}

const tiny: ArchiveImage = {
  layers: [{ "etc/passwd": "root" }, { "app/run": "#!", "etc/.wh.passwd": "" }],
  tags: ["tiny:1"],
};

function save(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test("an archive is read in the worker as in the main thread", async () => {
  const archive = await client().openArchive(save("a.tar", tarOf(legacySave(tiny))), signal);
  assert.ok(archive.ok);
  assert.deepEqual(
    archive.value.images().map(({ tags }) => tags),
    [["tiny:1"]],
  );
  await checkSource(archive.value, { reference: "tiny:1", files: ["app/run 2"] });
});

test("an archive that can't be opened is an error, and the worker continues", async () => {
  const reader = client();
  const missing = await reader.openArchive(join(folder, "missing"), signal);
  assert.equal(missing.ok ? "" : missing.error.kind, "notFound");
  assert.ok((await reader.openArchive(save("b.tar", tarOf(legacySave(tiny))), signal)).ok);
});

test("an archive that has changed is read again", async () => {
  const reader = client();
  const path = save("c.tar", tarOf(legacySave(tiny)));
  const first = await reader.openArchive(path, signal);
  assert.ok(first.ok);
  save("c.tar", tarOf(legacySave({ layers: [{ other: "1" }], tags: ["other:1"] })));
  const second = await reader.openArchive(path, signal);
  assert.ok(second.ok);
  assert.deepEqual(
    second.value.images().map(({ tags }) => tags),
    [["other:1"]],
  );
  const old = await first.value.image("", {}, signal);
  assert.ok(old.ok);
  const layers = await first.value.layers(old.value, {}, signal);
  assert.equal(layers.ok ? "" : layers.error.kind, "notFound");
});

test("layer contents stay on disk for the next process", async () => {
  const cacheFolder = join(folder, "cache");
  mkdirSync(cacheFolder, { mode: 0o700 });
  const archive = await client({ cacheFolder }).openArchive(save("d.tar", tarOf(legacySave(tiny))), signal);
  assert.ok(archive.ok);
  await checkSource(archive.value, { reference: "", files: ["app/run 2"] });
  assert.equal(readdirSync(cacheFolder).length, 2);
});

test("a worker that can't start, or breaks, is the error of its requests", async () => {
  const broken = client({ workerPath: save("broken.mjs", Buffer.from("throw new Error('boom')")) });
  const opened = await broken.openArchive("x.tar", signal);
  assert.ok(!opened.ok);
  assert.match(opened.error.message, /the layer reader crashed on it: boom/);
  const dying = client({
    workerPath: save(
      "dying.mjs",
      Buffer.from("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));"),
    ),
  });
  const died = await dying.openArchive("x.tar", signal);
  assert.match(died.ok ? "" : died.error.message, /the layer reader crashed on it: it ended/);
});

test("cancellation ends the wait at once, whatever the worker does", async () => {
  const deaf = client({
    workerPath: save(
      "deaf.mjs",
      Buffer.from("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});"),
    ),
  });
  const controller = new AbortController();
  const opening = deaf.openArchive("x.tar", controller.signal);
  controller.abort();
  await assert.rejects(opening, { name: "AbortError" });
  const disposed = deaf.openArchive("x.tar", signal);
  deaf.dispose();
  await assert.rejects(disposed, { name: "AbortError" });
});

test("a finished process ends even if a worker is idle", () => {
  const path = save("e.tar", tarOf(legacySave(tiny)));
  const program = `
    import { createLayerClient } from ${JSON.stringify(new URL("../../../oci/layers/client.ts", import.meta.url).href)};
    const client = createLayerClient({ workerPath: new URL(${JSON.stringify(workerPath.href)}) });
    const archive = await client.openArchive(${JSON.stringify(path)}, new AbortController().signal);
    console.log(archive.ok);`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", program], {
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.deepEqual([stdout.trim(), status], ["true", 0]);
});

/** An engine that responds to one path, on its own socket. */
async function engine(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<EngineConnection> {
  const server = createServer((request, response) => {
    if (request.url === "/_ping") response.writeHead(200, { "Api-Version": "1.48" }).end("OK");
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return { endpoint: "tcp://127.0.0.1", protocol: "http", host: "127.0.0.1", port: address.port };
}

/** The image as an engine describes it. */
async function described(content: ArchiveImage): Promise<Image> {
  const archive = await client().openArchive(
    save(`described-${Math.random()}.tar`, tarOf(hybridSave(content))),
    signal,
  );
  assert.ok(archive.ok);
  const image = await archive.value.image("", {}, signal);
  assert.ok(image.ok);
  const { configDigest: _, ...rest } = image.value;
  return {
    ...rest,
    reference: "tiny:1",
    historyPairing: "none",
    tags: ["tiny:1", "again:2"],
    layers: image.value.layers.map(({ step: __, ...layer }) => ({ ...layer, engineBytes: 7 })),
  };
}

test("an engine's image is read from its save stream and has the engine's names", async () => {
  const asked: string[] = [];
  const connection = await engine((request, response) => {
    asked.push(request.url ?? "");
    if (request.url?.includes("platform")) response.writeHead(404).end('{"message":"no suitable export target found"}');
    else response.end(tarOf(hybridSave(tiny)));
  });
  const image = await described(tiny);
  const read = await client().layersOf(connection).layers(image, {}, signal);
  assert.ok(read.ok, read.ok ? "" : read.error.message);
  assert.equal(read.value.contents.size, 2);
  assert.deepEqual(
    [
      read.value.image.historyPairing,
      read.value.image.tags,
      read.value.image.layers[0]?.engineBytes,
      read.value.image.id,
    ],
    ["exact", ["tiny:1", "again:2"], 7, image.id],
  );
  assert.deepEqual(
    asked.map((url) => decodeURIComponent(url.replace(/\?.*/, " with platform"))),
    [`/v1.48/images/${image.id}/get with platform`, `/v1.48/images/${image.id}/get`],
  );
});

test("made-up manifests and digests in the archive of a store without blobs are ignored", async () => {
  const connection = await engine((_, response) => void response.end(tarOf(hybridSave(tiny))));
  const { manifestDigest, indexDigest, ...image } = await described(tiny);
  const read = await client()
    .layersOf(connection)
    .layers({ ...image, engineSizeKind: "content" }, {}, signal);
  assert.ok(read.ok);
  assert.deepEqual([read.value.image.manifestDigest, read.value.image.indexDigest], [undefined, undefined]);
  for (const { digest, mediaType, blobBytes } of read.value.image.layers)
    assert.deepEqual([digest, mediaType, blobBytes], [undefined, undefined, undefined]);
});

test("cached layers are not requested from the engine again", async () => {
  let saves = 0;
  const connection = await engine((_, response) => void (saves++, response.end(tarOf(hybridSave(tiny)))));
  const { manifestDigest: _, ...image } = await described(tiny);
  const reader = client().layersOf(connection);
  for (const round of [1, 2]) assert.ok((await reader.layers(image, {}, signal)).ok, String(round));
  assert.equal(saves, 1);
});

test("one save stream provides every layer of an image", async () => {
  const cacheFolder = join(folder, "ahead");
  let saves = 0;
  const connection = await engine((_, response) => void (saves++, response.end(tarOf(hybridSave(tiny)))));
  const { manifestDigest: _, ...image } = await described(tiny);
  const [first, second] = image.layers.map(({ diffId }) => diffId);
  assert.ok(first !== undefined && second !== undefined);
  const reader = client({ cacheFolder }).layersOf(connection);
  for (const wanted of [[first], [second], [first, second]]) {
    const read = await reader.layers(image, { wanted }, signal);
    assert.deepEqual(read.ok && [...read.value.contents.keys()], wanted);
  }
  assert.equal(saves, 1);
});

test("concurrent requests share one save stream, and each gets its progress", async () => {
  let saves = 0;
  const connection = await engine((_, response) => {
    saves++;
    setTimeout(() => response.end(tarOf(hybridSave(tiny))), 50);
  });
  const { manifestDigest: _, ...image } = await described(tiny);
  const reader = client().layersOf(connection);
  const told = new Set<DiffId>();
  const reads = image.layers.map(({ diffId }) =>
    reader.layers(image, { wanted: [diffId], onProgress: () => told.add(diffId) }, signal),
  );
  assert.ok((await Promise.all(reads)).every(({ ok }) => ok));
  assert.deepEqual([saves, told.size], [1, 2]);
});

test("cancelling a shared read doesn't affect the other callers", async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  let go: () => void = () => undefined;
  const connection = await engine((_, response) => {
    go = () => void response.end(tarOf(hybridSave(tiny)));
    answer();
  });
  const { manifestDigest: _, ...image } = await described(tiny);
  const reader = client().layersOf(connection);
  const controller = new AbortController();
  const leaving = reader.layers(image, {}, controller.signal);
  const staying = reader.layers(image, {}, signal);
  await asked;
  controller.abort();
  await assert.rejects(leaving, { name: "AbortError" });
  go();
  assert.ok((await staying).ok);
});

test("a program that finishes its reads leaves all layers in the cache", async () => {
  const cacheFolder = join(folder, "finished");
  const connection = await engine((_, response) => void response.end(tarOf(hybridSave(tiny))));
  const { manifestDigest: _, ...image } = await described(tiny);
  const finishing = client({ cacheFolder });
  const [first] = image.layers;
  assert.ok(first);
  assert.ok((await finishing.layersOf(connection).layers(image, { wanted: [first.diffId] }, signal)).ok);
  await finishing.finish();
  assert.equal(readdirSync(cacheFolder).length, 2);
});

test("a file of an engine's image takes one save stream, including its layers", async () => {
  let saves = 0;
  const connection = await engine((_, response) => void (saves++, response.end(tarOf(hybridSave(tiny)))));
  const { manifestDigest: _, ...image } = await described(tiny);
  const reader = client();
  const source = reader.layersOf(connection).layerSource;
  const read = await reader.file({ source, image, path: "app/run", maxBytes: 100 }, () => undefined, signal);
  assert.equal(read.ok && Buffer.from(read.value).toString(), "#!");
  assert.equal(saves, 1);
  const old = { source, image, path: "/etc/passwd", layerCount: 1, maxBytes: 3 };
  const large = await reader.file(old, () => undefined, signal);
  assert.equal(large.ok ? "" : large.error.kind, "tooLarge");
});

test("several files and sizes of an engine's image take one save stream", async () => {
  let saves = 0;
  const linked: ArchiveImage = {
    layers: [
      { "etc/apt/a.conf": "old", "etc/apt/gone": "x", "usr/lib/os": "ID=x", "var/log/big": "12345" },
      { "etc/apt/a.conf": "new", "etc/apt/d/b": "b", "etc/apt/.wh.gone": "", "etc/os": "-> ../usr/lib/os" },
    ],
    tags: ["linked:1"],
  };
  const connection = await engine((_, response) => void (saves++, response.end(tarOf(hybridSave(linked)))));
  const { manifestDigest: _, ...image } = await described(linked);
  const layers = client().layersOf(connection);
  const wanted = { paths: ["/etc/apt/", "/etc/os", "/etc/none"], sizesBelow: ["/var/log/", "/none/"], maxBytes: 100 };
  const read = await layers.imageFiles(image, wanted, signal);
  assert.ok(read.ok);
  const texts = [...read.value.contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  assert.deepEqual(texts.sort(), [
    ["/etc/apt/a.conf", "new"],
    ["/etc/apt/d/b", "b"],
    ["/etc/os", "ID=x"],
  ]);
  assert.deepEqual([...read.value.sizes], [["/var/log/big", 5]]);
  assert.equal(saves, 1);
  const bounded = await layers.imageFiles(image, { ...wanted, maxBytes: 3 }, signal);
  assert.equal(bounded.ok ? "" : bounded.error.kind, "tooLarge");
});

test("an engine that breaks off, fails or is gone is reported as an error", async () => {
  const { manifestDigest: _, ...image } = await described(tiny);
  const reader = client();
  const message = async (connection: EngineConnection): Promise<string> => {
    const read = await reader.layersOf(connection).layers(image, {}, signal);
    return read.ok ? "read" : `${read.error.kind}: ${read.error.message}`;
  };
  const whole = tarOf(hybridSave(tiny));
  const json = '{"errorDetail":{"message":"content digest not found"},"error":"content digest not found"}\n';
  assert.match(
    await message(
      await engine((_request, response) => response.end(Buffer.concat([whole.subarray(0, 1536), Buffer.from(json)]))),
    ),
    /^badArchive: the engine stopped early: content digest not found/,
  );
  assert.match(
    await message(await engine((_request, response) => response.writeHead(404).end('{"message":"No such image"}'))),
    /^notFound: No such image/,
  );
  assert.match(
    await message(
      await engine(
        (_request, response) => void (response.write(whole.subarray(0, 600)), setTimeout(() => response.destroy(), 50)),
      ),
    ),
    /^badArchive: could not be read/,
  );
  assert.match(
    await message({ endpoint: "tcp://127.0.0.1:1", protocol: "http", host: "127.0.0.1", port: 1 }),
    /^engineUnreachable/,
  );
  assert.match(
    await message(await engine((_request, response) => response.end(tarOf(hybridSave({ layers: [{ x: "1" }] }))))),
    /^notFound: .*does not contain this image/,
  );
});

test("cancellation reaches the engine", async () => {
  let isClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (isClosed = resolve));
  const connection = await engine((_, response) => {
    response.write(tarOf(hybridSave(tiny)).subarray(0, 600));
    response.on("close", isClosed);
  });
  const { manifestDigest: _, ...image } = await described(tiny);
  const controller = new AbortController();
  const reading = client()
    .layersOf(connection)
    .layers(image, { onProgress: () => controller.abort() }, controller.signal);
  await assert.rejects(reading, { name: "AbortError" });
  await closed;
});
