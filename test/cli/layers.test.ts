import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-layers-"));
  archive = join(folder, "image.tar");
  const layers = [
    { "etc/motd": "hello", "bin/tool": { content: "x", mode: 0o4755 }, "opt/a": "1" },
    { "etc/.wh.motd": "", "opt/.wh..wh..opq": "", mtab: { link: "/etc/mtab" }, twin: { hardLink: "bin/tool" } },
  ] as const;
  await writeFile(archive, await dockerArchive({ layers }, "files:1"));
});
after(() => rm(folder, { recursive: true }));

test("layers --files lists what each layer adds and removes", async () => {
  const { code, stdout } = await imagewright(["layers", archive, "--files"]);
  assert.equal(code, 0);
  assert.match(stdout, /\nlayer #0\n-4755 {2}0:0 {2}1 {2}bin\/tool\n-0644 {2}0:0 {2}5 {2}etc\/motd\n/);
  assert.match(
    stdout,
    /\nlayer #1\n +etc\/motd +removed\nl0644 {2}0:0 +mtab → \/etc\/mtab\n +opt +emptied\n-0644 {2}0:0 +twin → bin\/tool +hard link\n/,
  );
});

test("a single layer is listed without those below it", async () => {
  const { code, stdout } = await imagewright(["layers", `${archive}#1`, "--format", "json"]);
  const { layers, waste } = JSON.parse(stdout);
  assert.deepEqual([code, layers.length, waste], [0, 1, undefined]);
  assert.deepEqual(
    [
      layers[0].layer,
      layers[0].whiteouts,
      layers[0].opaqueDirectories,
      layers[0].entries.map(({ path }: { path: string }) => path),
    ],
    [1, ["etc/motd"], ["opt"], ["mtab", "twin"]],
  );
});

test("layers as Markdown has a table for each part", async () => {
  const { stdout } = await imagewright(["layers", `${archive}#1`, "--format", "markdown"]);
  assert.match(stdout, /\n### Layers\n\n\| layer \| content \| blob \| DiffID \| made by \|\n/);
  assert.match(stdout, /\n### Layer #1\n\n[^]*\| `etc\/motd` \| removed \|/);
});

test("a layer that doesn't exist is reported", async () => {
  const { code, stderr } = await imagewright(["layers", `${archive}#2`]);
  assert.equal(code, 2);
  assert.match(stderr, /has 2 layers, #0 to #1; #2 does not exist/);
});
