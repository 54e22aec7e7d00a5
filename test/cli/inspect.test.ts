import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive, tinyContent, type TinyImage } from "../rig/tinyImage.ts";
import { imagewright } from "./run.ts";

const base: TinyImage = { layers: [{ "etc/base": "b".repeat(2000) }], history: [{ created_by: "ADD rootfs /" }] };
const sample: TinyImage = {
  layers: [...base.layers, { "app": "a".repeat(100) }],
  history: [{ created_by: "ADD rootfs /" }, { created_by: "ENV A=1", empty_layer: true }, { created_by: "COPY app /" }],
  config: { User: "app", Env: ["A=1"], Labels: { "org.opencontainers.image.base.name": "base:1" } },
};
let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-inspect-"));
  archive = join(folder, "image.tar");
  await writeFile(archive, await dockerArchive(sample, "sample:1", "sample:latest"));
});
after(() => rm(folder, { recursive: true }));

test("inspect names every digest by its kind, and says what the source cannot know", async () => {
  const content = await tinyContent(sample);
  const { code, stdout } = await imagewright(["inspect", "--format", "json", archive]);
  assert.equal(code, 0);
  const { version, image, layers, history, base: builtFrom } = JSON.parse(stdout);
  const [built] = content.images;
  assert.equal(version, 1);
  assert.equal(image.configDigest, built?.configDigest);
  assert.equal(image.indexDigest, null);
  assert.deepEqual(layers.map((layer: { diffId: string }) => layer.diffId), built?.diffIds);
  const [first = "", second = ""] = built?.diffIds ?? [];
  assert.deepEqual(layers.map((layer: { chainId: string }) => layer.chainId), [first, `sha256:${createHash("sha256").update(`${first} ${second}`).digest("hex")}`]);
  assert.deepEqual(history.map((step: { createdBy: string; isEmptyLayer: boolean }) => [step.createdBy, step.isEmptyLayer]), [["ADD rootfs /", false], ["ENV A=1", true], ["COPY app /", false]]);
  assert.deepEqual(builtFrom, { name: "base:1", digest: null, id: null, layerCount: null, confidence: "recorded" });
});

test("inspect as text labels digests and sections", async () => {
  const { stdout } = await imagewright(["inspect", archive]);
  assert.match(stdout, /^tag +sample:1$/m);
  assert.match(stdout, /^config digest +sha256:[0-9a-f]{64}$/m);
  assert.match(stdout, /^index digest +none or unknown here$/m);
  assert.match(stdout, /^built from +base:1 \(recorded; not compared\)$/m);
  assert.match(stdout, /^ +user +app$/m);
  assert.match(stdout, /no layer +ENV A=1$/m);
});

test("images lists what an archive holds, one line a name", async () => {
  const { code, stdout } = await imagewright(["images", archive]);
  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split("\n").map((line) => line.split(/ +/)[0]), ["image", "sample:1", "sample:latest"]);
});

test("a filter looks at names and IDs, in any case", async () => {
  for (const [filter, count] of [["sample", 2], ["SAMPLE:LATEST", 2], ["nothing", 0]] as const) {
    const { stdout } = await imagewright(["images", "--filter", filter, archive]);
    assert.equal(stdout.trim().split("\n").length - 1, count, filter);
  }
});
