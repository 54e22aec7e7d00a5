import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { Image } from "../../../oci/core/image.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import type { LayerSide } from "../../../oci/layers/diff.ts";
import { hybridSave, legacySave, type ArchiveImage } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-layer-diff-test-"));
after(() => rmSync(folder, { recursive: true }));
const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
after(() => client.dispose());

const base = { "etc/passwd": "root", "lib/a": "1" };
const tiny: ArchiveImage = { layers: [base, { "app/run": "#!", "etc/.wh.passwd": "" }], tags: ["tiny:1"] };
const other: ArchiveImage = { layers: [base, { "app/run": "#!!" }], tags: ["other:1"] };

async function side(content: ArchiveImage, layerCount?: number): Promise<LayerSide<LayerSource>> {
  const path = join(folder, `${Math.random()}.tar`);
  writeFileSync(path, tarOf(legacySave(content)));
  const archive = await client.openArchive(path, signal);
  assert.ok(archive.ok);
  const image = await archive.value.image("", {}, signal);
  assert.ok(image.ok);
  return { source: archive.value.layerSource, image: image.value, layerCount };
}

async function compare(before: LayerSide<LayerSource>, newer: LayerSide<LayerSource>) {
  const pieces: (readonly DiffRow[])[] = [];
  const labels = new Set<string>();
  const result = await client.diff(
    { before, after: newer },
    { onRows: (rows) => pieces.push(rows), onProgress: ({ label }) => labels.add(label) },
    signal,
  );
  return {
    result,
    pieces,
    labels: [...labels],
    rows: pieces.flat().map(({ path, change, deltaBytes }) => `${change} ${path} ${deltaBytes}`),
  };
}

test("a layer is compared with its parent", async () => {
  const whole = await side(tiny);
  const { result, rows, labels } = await compare({ ...whole, layerCount: 1 }, whole);
  assert.ok(result.ok);
  assert.deepEqual(rows, ["added app/run 2", "removed etc/passwd -4"]);
  assert.deepEqual(
    [
      result.value.rowCount,
      result.value.summary.deltaBytes,
      result.value.after.layers.map(({ contentBytes }) => contentBytes),
    ],
    [2, -2, [5, 2]],
  );
  assert.equal(labels.at(-1), "comparing");
});

test("images of two archives are compared, and an image with nothing", async () => {
  assert.deepEqual((await compare(await side(tiny), await side(other))).rows, [
    "content app/run 1",
    "added etc/passwd 4",
  ]);
  assert.deepEqual((await compare(await side(tiny, 0), await side(tiny, 1))).rows, [
    "added etc/passwd 4",
    "added lib/a 1",
  ]);
});

test("rows of a diff arrive in order and in chunks", async () => {
  const names = Array.from({ length: 5000 }, (_, index) => `f${String(index).padStart(4, "0")}`);
  const { pieces } = await compare(
    await side({ layers: [{}] }),
    await side({ layers: [Object.fromEntries(names.map((name) => [name, name]))] }),
  );
  assert.ok(pieces.length > 2);
  assert.deepEqual(
    pieces.flat().map(({ path }) => path),
    names,
  );
});

test("shared layers are read once, and the read layers describe the image", async () => {
  let saves = 0;
  const server = createServer((request, response) => {
    if (request.url === "/_ping") response.writeHead(200, { "Api-Version": "1.48" }).end("OK");
    else (saves++, response.end(tarOf(hybridSave(tiny, other))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const { layerSource } = client.layersOf({
    endpoint: "tcp://127.0.0.1",
    protocol: "http",
    host: "127.0.0.1",
    port: address.port,
  });
  const fresh = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
  after(() => fresh.dispose());
  const known = (await side(tiny)).image;
  const image: Image = { ...known, historyPairing: "none", layers: known.layers.map(({ step: _, ...layer }) => layer) };
  const whole = { source: layerSource, image };
  const result = await fresh.diff(
    { before: { ...whole, layerCount: 1 }, after: whole },
    { onRows: () => undefined },
    signal,
  );
  assert.ok(result.ok);
  assert.deepEqual(
    [saves, result.value.after.historyPairing, result.value.after.layers[1]?.step?.createdBy],
    [1, "exact", "step 1"],
  );
});

test("a layer that can't be read is the comparison's error", async () => {
  const whole = await side(tiny);
  const foreign = await side({ layers: [{ x: "never asked for" }] });
  const lost = await compare({ ...whole, layerCount: 1 }, { ...whole, image: { ...foreign.image } });
  assert.deepEqual([lost.result.ok, lost.pieces], [false, []]);
  const gone = await compare(whole, { ...whole, layerCount: 7 });
  assert.equal(gone.result.ok ? "" : gone.result.error.message, `${whole.image.reference} has 2 layers`);
});

test("a cancelled diff returns at once and sends no more rows, and the worker continues", async () => {
  const controller = new AbortController();
  const names = Array.from({ length: 9000 }, (_, index) => [`f${index}`, ""] as const);
  const [none, many] = [await side({ layers: [{}] }), await side({ layers: [Object.fromEntries(names)] })];
  let count = 0;
  const comparing = client.diff(
    { before: none, after: many },
    { onRows: () => (count++, controller.abort()) },
    controller.signal,
  );
  await assert.rejects(comparing, { name: "AbortError" });
  assert.equal((await compare(none, many)).rows.length, 9000);
  assert.equal(count, 1);
});
