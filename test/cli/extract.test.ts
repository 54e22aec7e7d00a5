import assert from "node:assert/strict";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-extract-"));
  archive = join(folder, "image.tar");
  const layers = [
    {
      "app/run": { content: "run", mode: 0o4777 },
      "app/old": "old",
      "app/data/": { directory: true, mode: 0o1777 },
      "app/data/a": "a",
      "etc/passwd": "root",
    },
    {
      "app/data/a": "newer",
      "app/twin": { hardLink: "app/run" },
      "app/inside": { link: "data/a" },
      "app/absolute": { link: "/app/data/../run" },
      "app/up": { link: "../../../../etc/passwd" },
      "app/host": { link: "/etc/passwd" },
      "app/by": { link: "up/x" },
      current: { link: "app" },
      "app/.wh.old": "",
    },
  ] as const;
  await writeFile(archive, await dockerArchive({ layers }, "files:1"));
});
after(() => rm(folder, { recursive: true }));

async function extracted(...args: readonly string[]) {
  const out = await mkdtemp(join(folder, "out-"));
  const result = await imagewright(["extract", archive, ...args, "-o", out]);
  return { ...result, out, names: (await readdir(out, { recursive: true })).sort() };
}

test("extract writes a folder with its files, and reports links that lead elsewhere as left out", async () => {
  const { code, stdout, stderr, out, names } = await extracted("/app");
  assert.deepEqual(
    names,
    ["absolute", "data", "data/a", "inside", "run", "twin"]
      .map((name) => `app/${name}`)
      .concat("app")
      .sort(),
  );
  assert.equal(await readFile(join(out, "app/data/a"), "utf8"), "newer");
  assert.equal(await readlink(join(out, "app/absolute")), "run");
  assert.equal(await readFile(join(out, "app/inside"), "utf8"), "newer");
  assert.match(stderr, /\/app\/up is left out: its target .*etc\/passwd is not among what is extracted/);
  assert.match(stderr, /\/app\/host is left out/);
  assert.match(stderr, /\/app\/by is left out/);
  assert.equal(code, 1);
  assert.match(stdout, /^Extracted 3 files, 2 folders, 2 symlinks \(8 B\) to .*\/app\n$/);
});

test("extract drops setuid bits and others' write permission, and keeps hard links", async () => {
  const { out } = await extracted("/app");
  const [run, twin, data] = await Promise.all(["run", "twin", "data"].map((name) => stat(join(out, "app", name))));
  assert.deepEqual([(run?.mode ?? 0) & 0o7777, (data?.mode ?? 0) & 0o7777], [0o755, 0o755]);
  assert.equal(run?.ino, twin?.ino);
});

test("extract writes one file, also as of a lower layer or through a link", async () => {
  const old = await extracted("app/old", "--layer", "0");
  assert.deepEqual([old.code, old.names], [0, ["old"]]);
  const linked = await extracted("current/run");
  assert.deepEqual([linked.code, linked.names], [0, ["run"]]);
});

test("extract of the root writes its content into the folder", async () => {
  const { names } = await extracted("/", "--layer", "0");
  assert.deepEqual(names, ["app", "app/data", "app/data/a", "app/old", "app/run", "etc", "etc/passwd"]);
});

test("extract never replaces a file and leaves nothing unfinished", async () => {
  const out = await mkdtemp(join(folder, "out-"));
  await mkdir(join(out, "app"));
  const { code, stderr } = await imagewright(["extract", archive, "/app", "-o", out]);
  assert.deepEqual([code, await readdir(out, { recursive: true })], [2, ["app"]]);
  assert.match(stderr, /it already has app; remove it or choose another folder/);
});

test("a file without content in its layer is left out, and the others are extracted", async () => {
  // AUFS kept the content of hard links in its own folders.
  const aufs = join(folder, "aufs.tar");
  const layer = { ".wh..wh.plnk/1.2": "kept", x: { hardLink: ".wh..wh.plnk/1.2" }, y: "y" } as const;
  await writeFile(aufs, await dockerArchive({ layers: [layer] }, "aufs:1"));
  const out = await mkdtemp(join(folder, "out-"));
  const { code, stderr } = await imagewright(["extract", aufs, "/", "-o", out]);
  assert.deepEqual([code, await readdir(out)], [1, ["y"]]);
  assert.match(stderr, /\/x is left out: its layer has no content for it/);
});

test("extract creates the folder", async () => {
  const out = join(folder, "new", "er");
  assert.equal((await imagewright(["extract", archive, "etc", "-o", out])).code, 0);
  assert.ok((await lstat(join(out, "etc/passwd"))).isFile());
});

for (const [title, args, message] of [
  ["without a folder", ["etc"], /-o FOLDER/],
  ["of a missing path", ["nothing", "-o", "x"], /has no \/nothing/],
] as const)
  test(`extract ${title} fails with a message`, async () => {
    const { code, stderr } = await imagewright(["extract", archive, ...args], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
