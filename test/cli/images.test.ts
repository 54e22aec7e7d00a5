import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  archive = join(folder, "image.tar");
  await writeFile(
    archive,
    await dockerArchive(
      {
        layers: [
          { "etc/motd": "hello", "big.bin": "x".repeat(1000) },
          { "etc/motd": "hello, world", ".wh.big.bin": "" },
        ],
        history: [
          { created_by: "ADD rootfs /" },
          { created_by: "ENV A=1", empty_layer: true },
          { created_by: "RUN rm big.bin" },
        ],
        config: { User: "app", Env: ["A=1"] },
      },
      "sample:1",
    ),
  );
});
after(() => rm(folder, { recursive: true }));

test("layers lists an archive image's layers and the hidden bytes", async () => {
  const { code, stdout } = await imagewright(["layers", "--format", "json", archive]);
  assert.equal(code, 0);
  const { version, image, layers, waste } = JSON.parse(stdout);
  assert.equal(version, 1);
  assert.equal(image.user, "app");
  assert.match(image.configDigest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(
    layers.map((layer: { contentBytes: number; files: number; createdBy: string }) => [
      layer.contentBytes,
      layer.files,
      layer.createdBy,
    ]),
    [
      [1005, 2, "ADD rootfs /"],
      [12, 1, "RUN rm big.bin"],
    ],
  );
  assert.deepEqual(
    layers[1].emptyStepsBefore.map(({ createdBy }: { createdBy: string }) => createdBy),
    ["ENV A=1"],
  );
  assert.equal(waste.bytes, 1005);
  assert.deepEqual(
    waste.paths.map(({ path, bytes }: { path: string; bytes: number }) => [path, bytes]),
    [
      ["big.bin", 1000],
      ["etc/motd", 5],
    ],
  );
});

test("layers as text lists the hidden bytes", async () => {
  const { stdout } = await imagewright(["layers", archive]);
  assert.match(stdout, /1\.0\d kB shipped, 1\.0\d? kB of it hidden/);
  assert.match(stdout, /big\.bin +#0 deleted by #1/);
});

test("diff compares up to a layer", async () => {
  const { code, stdout } = await imagewright(["diff", "--format", "json", `${archive}#0`, `${archive}#1`]);
  assert.equal(code, 1);
  const { version, rows, summary, config } = JSON.parse(stdout);
  assert.equal(version, 1);
  assert.deepEqual(
    rows.map(({ path, change, deltaBytes }: { path: string; change: string; deltaBytes: number }) => [
      path,
      change,
      deltaBytes,
    ]),
    [
      ["big.bin", "removed", -1000],
      ["etc/motd", "content", 7],
    ],
  );
  assert.equal(rows[0].after, null);
  assert.equal(rows[1].before.size, 5);
  assert.equal(summary.deltaBytes, -993);
  assert.equal(config, null);
});

for (const [name, args, message] of [
  ["a missing layer", ["diff", "ARCHIVE#0", "ARCHIVE#7"], /has 2 layers, #0 to #1; #7 does not exist/],
  ["a missing file", ["layers", "./nothing.tar"], /nothing\.tar/],
  ["a file that is not an image", ["layers", "package.json"], /package\.json/],
  ["no image", ["layers"], /takes one IMAGE/],
  ["an unknown command", ["laeyrs"], /unknown command/],
  ["an unknown option", ["layers", "--nope", "x"], /--nope/],
] as const) {
  test(`${name} exits with 2 and a message that names the problem`, async () => {
    const { code, stderr } = await imagewright(
      args.map((arg) => arg.replace("ARCHIVE", archive)),
      { env: { DOCKER_HOST: `unix://${join(folder, "none.sock")}` } },
    );
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
}

test("a missing engine is named, with advice", async () => {
  const { code, stderr } = await imagewright(["layers", "debian:12"], {
    env: { DOCKER_HOST: `unix://${join(folder, "none.sock")}` },
  });
  assert.equal(code, 2);
  assert.match(stderr, /none\.sock/);
});

test("a folder without an image doesn't hide an image with the same name", async () => {
  await mkdir(join(folder, "nginx"));
  const { code, stderr } = await imagewright(["layers", "nginx"], {
    cwd: folder,
    env: { DOCKER_HOST: `unix://${join(folder, "none.sock")}` },
  });
  assert.equal(code, 2);
  assert.match(stderr, /none\.sock/);
});
