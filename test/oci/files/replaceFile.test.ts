import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { replaceFile } from "../../../oci/files/replaceFile.ts";

const parent = mkdtempSync(join(tmpdir(), "imagewright-replace-"));
after(() => rmSync(parent, { recursive: true }));
const newFolder = (): string => mkdtempSync(join(parent, "f-"));
const onUnix = { skip: process.platform === "win32" };
const isRoot = process.getuid?.() === 0;

test("a replaced file keeps its permissions, a new one is readable by all, and no draft is left", onUnix, async () => {
  const folder = newFolder();
  const path = join(folder, "Dockerfile");
  await replaceFile(path, Buffer.from("a"));
  assert.equal(statSync(path).mode & 0o7777, 0o644);
  chmodSync(path, 0o751);
  await replaceFile(path, Buffer.from("b"));
  assert.equal(statSync(path).mode & 0o7777, 0o751);
  await replaceFile(path, Buffer.from("c"), { mode: 0o600 });
  assert.equal(statSync(path).mode & 0o7777, 0o600);
  assert.deepEqual([readFileSync(path, "utf8"), readdirSync(folder)], ["c", ["Dockerfile"]]);
});

test("a replaced file keeps its owner", { skip: !isRoot }, async () => {
  const path = join(newFolder(), "Dockerfile");
  writeFileSync(path, "a");
  chownSync(path, 1234, 2345);
  await replaceFile(path, Buffer.from("b"));
  const { uid, gid } = statSync(path);
  assert.deepEqual([readFileSync(path, "utf8"), uid, gid], ["b", 1234, 2345]);
});

test("a file that has changed since it was read is not replaced", async () => {
  const path = join(newFolder(), "Dockerfile");
  for (const other of ["other", "before and more", "befor", ""]) {
    writeFileSync(path, other);
    await assert.rejects(replaceFile(path, Buffer.from("after"), { expected: Buffer.from("before") }), /has changed/);
    assert.equal(readFileSync(path, "utf8"), other);
  }
  rmSync(path);
  await assert.rejects(replaceFile(path, Buffer.from("after"), { expected: Buffer.from("before") }), /has changed/);
  writeFileSync(path, "before");
  await replaceFile(path, Buffer.from("after"), { expected: Buffer.from("before") });
  assert.equal(readFileSync(path, "utf8"), "after");
});

test("a link stays a link and is followed only within the allowed folders", onUnix, async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "outside"), "outside");
  writeFileSync(join(folder, "inner/target"), "target");
  symlinkSync("target", join(folder, "inner/link"));
  symlinkSync("../outside", join(folder, "inner/out"));
  symlinkSync("nowhere", join(folder, "inner/dangling"));
  const within = [join(folder, "inner")];
  await replaceFile(join(folder, "inner/link"), Buffer.from("new"), { within });
  assert.equal(readFileSync(join(folder, "inner/target"), "utf8"), "new");
  assert.ok(lstatSync(join(folder, "inner/link")).isSymbolicLink());
  await assert.rejects(replaceFile(join(folder, "inner/out"), Buffer.from("new"), { within }), /in another folder/);
  assert.equal(readFileSync(join(folder, "outside"), "utf8"), "outside");
  await replaceFile(join(folder, "inner/out"), Buffer.from("new"));
  assert.equal(readFileSync(join(folder, "outside"), "utf8"), "new");
  await assert.rejects(replaceFile(join(folder, "inner/dangling"), Buffer.from("new")), /does not exist/);
});

test("only regular files are replaced", onUnix, async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "d"));
  execFileSync("mkfifo", [join(folder, "p")]);
  await assert.rejects(replaceFile(join(folder, "d"), Buffer.from("x")), /a folder/);
  await assert.rejects(replaceFile(join(folder, "p"), Buffer.from("x")), /not a regular file/);
  assert.deepEqual(readdirSync(folder), ["d", "p"]);
});

test("unwanted or failing content leaves the file unchanged and no draft", async () => {
  const folder = newFolder();
  const path = join(folder, "a.tar");
  writeFileSync(path, "old");
  await replaceFile(path, async (file) => {
    await file.writeFile("half");
    return false;
  });
  await assert.rejects(
    replaceFile(path, () => Promise.reject(new Error("cut off"))),
    /cut off/,
  );
  assert.deepEqual([readFileSync(path, "utf8"), readdirSync(folder)], ["old", ["a.tar"]]);
});

const writer = (path: string, letter: string): string => `
  import { replaceFile } from ${JSON.stringify(new URL("../../../oci/files/replaceFile.ts", import.meta.url).href)};
  process.stdout.write("started");
  for (;;) await replaceFile(${JSON.stringify(path)}, Buffer.alloc(4_000_000, ${JSON.stringify(letter)}));`;

function startWriter(path: string, letter: string) {
  return spawn(process.execPath, ["--input-type=module", "--eval", writer(path, letter)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Asserts that the file has one repeated letter and the full length. */
function assertWhole(path: string): void {
  const bytes = readFileSync(path);
  assert.equal(bytes.length, 4_000_000);
  assert.ok(bytes.every((byte) => byte === bytes[0]));
}

test("if one of two writing processes is killed, readers find one complete file or the other", async () => {
  const path = join(newFolder(), "file");
  writeFileSync(path, Buffer.alloc(4_000_000, "o"));
  const writers = ["a", "b"].map((letter) => startWriter(path, letter));
  try {
    await Promise.all(writers.map(({ stdout }) => once(stdout, "data")));
    const [first, second] = writers;
    for (let round = 0; round < 40; round++) {
      assertWhole(path);
      if (round === 20) first?.kill("SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    second?.kill("SIGKILL");
  } finally {
    for (const child of writers) child.kill("SIGKILL");
  }
  for (const child of writers) if ((child.exitCode ?? child.signalCode) === null) await once(child, "exit");
  assertWhole(path);
});

test("a full disk leaves the file unchanged and no draft", async (t) => {
  const folder = newFolder();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
  if (mounted.status !== 0) {
    assert.ok(!process.env["CI"], "a tmpfs has to be mounted for this test");
    t.skip("no tmpfs can be mounted here");
    return;
  }
  try {
    const path = join(folder, "Dockerfile");
    writeFileSync(path, Buffer.alloc(20_000, "o"));
    await assert.rejects(replaceFile(path, Buffer.alloc(200_000, "n")), { code: "ENOSPC" });
    assert.deepEqual(readFileSync(path), Buffer.alloc(20_000, "o"));
    assert.deepEqual(readdirSync(folder), ["Dockerfile"]);
    await replaceFile(path, Buffer.alloc(20_000, "n"));
    assert.deepEqual(readFileSync(path), Buffer.alloc(20_000, "n"));
  } finally {
    execFileSync("umount", [folder]);
  }
});
