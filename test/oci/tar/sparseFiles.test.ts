import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { readLayerFile } from "../../../oci/tar/layerFile.ts";
import { legacySave } from "../../support/images/archiveFiles.ts";
import { memberBytes, tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-sparse-test-"));
after(() => rmSync(folder, { recursive: true }));

/** 300,000 bytes, most of them holes, one at the end. */
function writeSparse(path: string): void {
  const file = openSync(path, "w");
  writeSync(file, "begin", 0);
  writeSync(file, "middle", 100_000);
  writeSync(file, "\0", 299_999);
  closeSync(file);
}

/** A tar of a sparse file as GNU tar makes it. */
function gnuTar(format: string): Buffer {
  writeSparse(join(folder, "disk.img"));
  const out = join(folder, `${format.replaceAll(/\W/g, "")}.tar`);
  execFileSync("tar", ["--sparse", ...format.split(" "), "-C", folder, "-cf", out, "disk.img"]);
  return readFileSync(out);
}

async function read(tar: Buffer, path: string, maxBytes = 1_000_000) {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < tar.length; at += 777) yield tar.subarray(at, at + 777);
  };
  return readLayerFile(pieces(), { what: "the layer", path, maxBytes }, signal);
}

for (const format of [
  "--format=gnu",
  "--format=posix --sparse-version=0.0",
  "--format=posix --sparse-version=0.1",
  "--format=posix --sparse-version=1.0",
])
  test(`a sparse file of GNU tar's ${format} is read with its holes`, async () => {
    const tar = gnuTar(format);
    assert.ok(tar.length < 200_000, "tar stored the file without its holes");
    const found = await read(tar, "disk.img");
    assert.ok(found.ok);
    assert.ok(found.value.equals(readFileSync(join(folder, "disk.img"))));
  });

test("a sparse file above the limit is refused by its size with holes", async () => {
  const found = await read(gnuTar("--format=gnu"), "disk.img", 299_999);
  assert.equal(found.ok ? "" : found.error.kind, "tooLarge");
});

const broken = memberBytes({
  path: "broken",
  content: "midend",
  pax: { "GNU.sparse.size": "6000", "GNU.sparse.map": "5000,3,2000,3" },
});
const endless = memberBytes({
  path: "endless",
  content: "a",
  pax: { "GNU.sparse.size": "9000000000000000", "GNU.sparse.map": "0,1" },
});
const end = Buffer.alloc(1024);

test("a sparse file whose map doesn't fit is an error, not other content", async () => {
  const found = await read(Buffer.concat([broken, end]), "broken");
  assert.deepEqual(found.ok || [found.error.kind, found.error.message], [
    "badArchive",
    "its sparse map doesn't fit its content, or its holes are too large",
  ]);
});

test("extract writes sparse files whole, and leaves out those it can't unpack", async () => {
  const layer = Buffer.concat([broken, endless, gnuTar("--format=gnu")]);
  const archive = join(folder, "image.tar");
  writeFileSync(archive, tarOf(legacySave({ layers: [layer] })));
  const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
  after(() => client.dispose());
  const opened = await client.openArchive(archive, signal);
  assert.ok(opened.ok);
  const image = await opened.value.image("", {}, signal);
  assert.ok(image.ok);
  const out = join(folder, "out");
  const request = { source: opened.value.layerSource, image: image.value, path: "/", folder: out };
  const done = await client.extract(request, () => undefined, signal);
  assert.ok(done.ok, JSON.stringify(done));
  assert.ok(readFileSync(join(out, "disk.img")).equals(readFileSync(join(folder, "disk.img"))));
  assert.deepEqual(
    [done.value.files, done.value.bytes, done.value.omitted.map(({ path }) => path)],
    [1, 300_000, ["broken", "endless"]],
  );
});
