import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BuildRecords } from "../../../client/src/builds/buildRecords.ts";
import { buildOf } from "../../../client/src/builds/build.ts";
import { areLayersKept, imageOfBuild, withFormerBuilds } from "../../../client/src/builds/formerBuild.ts";
import { compare, type ComparableSource } from "../../../client/src/diff/compare.ts";
import { comparisonReport } from "../../../client/src/diff/parts/comparisonReport.ts";
import type { ImageSource } from "../../../client/src/sources/source.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { EngineConnection } from "../../../oci/engine/endpoint/connection.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { hybridSave } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";
import { mementoInMemory } from "./memento.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-former-test-"));
const layers = createLayerClient({
  workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url),
  cacheFolder: join(folder, "cache"),
});
/** An engine that has no image. */
const server = createServer((request, response) => {
  if (request.url === "/_ping") response.writeHead(200, { "Api-Version": "1.48" }).end("OK");
  else response.writeHead(404, { "Content-Type": "application/json" }).end('{"message":"no such image"}');
});
let connection: EngineConnection;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  connection = { endpoint: "tcp://127.0.0.1", protocol: "http", host: "127.0.0.1", port };
});
after(() => {
  layers.dispose();
  server.close();
  rmSync(folder, { recursive: true });
});

/** An image as an engine described it when it still had it. */
async function described(name: string, content: string): Promise<Image> {
  const path = join(folder, `${name}.tar`);
  writeFileSync(
    path,
    tarOf(hybridSave({ layers: [{ "etc/base": "b" }, { "app/run": content }], tags: [`${name}:1`] })),
  );
  const opened = await layers.openArchive(path, signal);
  const image = opened.ok ? await opened.value.image("", {}, signal) : opened;
  if (!opened.ok || !image.ok) return assert.fail("the archive can't be read");
  const { manifestDigest: _, ...rest } = image.value;
  return { ...rest, id: name };
}

/** Reads an image's layers into the cache, as opening it in the layer view does. */
async function readOnce(image: Image, name: string): Promise<void> {
  const opened = await layers.openArchive(join(folder, `${name}.tar`), signal);
  assert.ok(opened.ok && (await opened.value.layers(image, {}, signal)).ok);
}

async function sourceOf(former: Image, current: Image): Promise<(id: string) => Promise<ComparableSource | undefined>> {
  const records = new BuildRecords(mementoInMemory());
  const record = { engine: connection.endpoint, name: "shop:dev" };
  await records.put({ ...record, previous: buildOf(former.id, former), current: buildOf(current.id, current) });
  const image: ImageSource["image"] = (id) =>
    Promise.resolve(
      id === current.id ? success(current) : failure({ kind: "notFound", what: id, message: "no such image" }),
    );
  const source = { layerSource: { kind: "engine", connection }, image } as unknown as ImageSource;
  return withFormerBuilds(() => Promise.resolve(source), records);
}

test("the files of a former build that the engine no longer has are compared by the layers that were read", async () => {
  const [former, current] = [await described("former", "old"), await described("current", "newer")];
  const engine = { layerSource: { kind: "engine", connection } } as unknown as ImageSource;
  assert.equal(await areLayersKept(buildOf(former.id, former), engine, layers, signal), false);
  await readOnce(former, "former");
  await readOnce(current, "current");
  assert.equal(await areLayersKept(buildOf(former.id, former), engine, layers, signal), true);
  const side = { sourceId: "engine", name: "shop:dev" };
  const request = { before: { ...side, image: former.id }, after: { ...side, image: current.id } };
  const source = await sourceOf(former, current);
  const hooks = { source, diff: layers.diff, list: layers.list, onProgress: () => undefined, onRead: () => undefined };
  const compared = await compare(request, hooks, signal);
  assert.ok(compared.ok, compared.ok ? "" : compared.error.message);
  assert.deepEqual(
    compared.value.pieces.flat().map(({ path, change, deltaBytes }) => `${path} ${change} ${deltaBytes}`),
    ["app/run content 2"],
  );
  const report = await comparisonReport(request, { ...hooks, aspects: layers.aspects }, signal);
  assert.deepEqual(report.ok && report.value.sections.map(({ title, lines }) => `${title} ${lines.length}`), [
    "Layers 2",
    "Not compared 0",
  ]);
});

test("a former build whose layers were not recorded stays unknown", async () => {
  assert.equal(imageOfBuild({ id: "x" }), undefined);
  const current = await described("current", "newer");
  const source = await sourceOf({ ...current, id: "former" }, current);
  const unknown = await (await source("engine"))?.image("another", {}, signal);
  assert.equal(unknown?.ok === false && unknown.error.kind, "notFound");
});
