import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive, sha256, imageContent, type FixtureImage, writeLayout } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

const base: FixtureImage = { layers: [{ "etc/base": "b".repeat(2000) }], history: [{ created_by: "ADD rootfs /" }] };
const sample: FixtureImage = {
  created: "2999-12-31T12:00:00Z",
  layers: [...base.layers, { app: "a".repeat(100) }],
  history: [{ created_by: "ADD rootfs /" }, { created_by: "ENV A=1", empty_layer: true }, { created_by: "COPY app /" }],
  config: {
    User: "app",
    Env: ["A=1"],
    Labels: { "org.opencontainers.image.base.name": "base:1" },
    Healthcheck: { Test: ["CMD", "ok"], Interval: 90e9, Retries: 3 },
  },
};
let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-inspect-"));
  archive = join(folder, "image.tar");
  await writeFile(archive, await dockerArchive(sample, "sample:1", "sample:latest"));
});
after(() => rm(folder, { recursive: true }));

test("inspect lists every digest by kind, and what the source can't know", async () => {
  const content = await imageContent(sample);
  const { code, stdout } = await imagewright(["inspect", "--format", "json", archive]);
  assert.equal(code, 0);
  const { version, image, layers, history, base: builtFrom } = JSON.parse(stdout);
  const [built] = content.images;
  assert.equal(version, 1);
  assert.equal(image.configDigest, built?.configDigest);
  assert.equal(image.indexDigest, null);
  assert.deepEqual(
    layers.map((layer: { diffId: string }) => layer.diffId),
    built?.diffIds,
  );
  const [first = "", second = ""] = built?.diffIds ?? [];
  assert.deepEqual(
    layers.map((layer: { chainId: string }) => layer.chainId),
    [first, `sha256:${createHash("sha256").update(`${first} ${second}`).digest("hex")}`],
  );
  assert.deepEqual(
    history.map((step: { createdBy: string; isEmptyLayer: boolean }) => [step.createdBy, step.isEmptyLayer]),
    [
      ["ADD rootfs /", false],
      ["ENV A=1", true],
      ["COPY app /", false],
    ],
  );
  assert.deepEqual(builtFrom, { name: "base:1", digest: null, id: null, layerCount: null, confidence: "recorded" });
});

test("inspect as text labels digests and sections", async () => {
  const { stdout } = await imagewright(["inspect", archive]);
  assert.match(stdout, /^tag +sample:1$/m);
  assert.match(stdout, /^config digest +sha256:[0-9a-f]{64}$/m);
  assert.match(stdout, /^index digest +none or unknown here$/m);
  assert.match(stdout, /^built from +base:1 \(recorded; not compared\)$/m);
  assert.match(stdout, /^ +user +app$/m);
  assert.match(stdout, /^ +health check interval +1 min 30 s$/m);
  assert.match(stdout, /^ +health check retries +3$/m);
  assert.match(stdout, /no layer +ENV A=1$/m);
});

test("images lists an archive's content, one line per name", async () => {
  const { code, stdout } = await imagewright(["images", archive]);
  assert.equal(code, 0);
  assert.deepEqual(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ +/)[0]),
    ["image", "sample:1", "sample:latest"],
  );
});

test("images shows stored sizes of an archive's images, and shared space in the same bytes", async () => {
  const { images } = JSON.parse((await imagewright(["images", "--format", "json", archive])).stdout);
  const [{ blobBytes, engineBytes, labels }] = images;
  const { space } = JSON.parse((await imagewright(["images", "--space", "--format", "json", archive])).stdout);
  assert.deepEqual([engineBytes, labels, space.counts], [null, sample.config?.["Labels"], "blob"]);
  assert.ok(blobBytes > 2100);
  assert.deepEqual(space.total, { bytes: blobBytes, unknownLayers: 0 });
  const { stdout } = await imagewright(["images", archive]);
  // A date in the future is shown like any other.
  assert.match(stdout, /^sample:1 +[0-9a-f]{12} +\S+ kB stored +2999-12-31 +unknown$/m);
});

test("a name is searched for in names, a filter also in labels", async () => {
  const named = await imagewright(["images", `${archive}#base`]);
  const filtered = await imagewright(["images", "--filter", "base.name=base", archive]);
  assert.deepEqual(
    [named, filtered].map(({ stdout }) => stdout.trim().split("\n").length - 1),
    [0, 2],
  );
});

test("inspect uses only annotations if they state the base, and labels otherwise", async () => {
  const labels = {
    "org.opencontainers.image.base.name": "inherited:1",
    "org.opencontainers.image.base.digest": `sha256:${"a".repeat(64)}`,
  };
  const { blobs, root, images } = await imageContent({ layers: [{ a: "1" }], config: { Labels: labels } });
  const manifest = Buffer.from(
    JSON.stringify({
      ...JSON.parse(String(blobs.get(root.digest))),
      annotations: { "org.opencontainers.image.base.name": "own:1" },
    }),
  );
  const layout = join(folder, "layout");
  await writeLayout(
    {
      blobs: new Map([...blobs, [sha256(manifest), manifest]]),
      root: { ...root, digest: sha256(manifest), size: manifest.length },
      images,
    },
    layout,
  );
  const { stdout } = await imagewright(["inspect", "--format", "json", layout]);
  assert.deepEqual(JSON.parse(stdout).base, {
    name: "own:1",
    digest: null,
    id: null,
    layerCount: null,
    confidence: "recorded",
  });
});

for (const [command, what] of [
  [["images", "--space"], /--space needs an engine or an archive/],
  [["inspect", "--base"], /--base needs an engine or an archive/],
] as const) {
  test(`${command.join(" ")} is refused for a registry without contacting it`, async () => {
    const { code, stderr } = await imagewright([...command, "registry:localhost:1/x"]);
    assert.equal(code, 2);
    assert.match(stderr, what);
  });
}

test("a filter matches names and IDs, ignoring case", async () => {
  for (const [filter, count] of [
    ["sample", 2],
    ["SAMPLE:LATEST", 2],
    ["nothing", 0],
  ] as const) {
    const { stdout } = await imagewright(["images", "--filter", filter, archive]);
    assert.equal(stdout.trim().split("\n").length - 1, count, filter);
  }
});
