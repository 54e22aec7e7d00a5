import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readBounded, type BoundedFile, type ReadOptions } from "../../../oci/files/readBounded.ts";

const folder = mkdtempSync(join(tmpdir(), "imagewright-read-"));
after(() => rmSync(folder, { recursive: true }));
const onUnix = { skip: process.platform === "win32" };

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function told(path: string, options: Partial<ReadOptions> = {}): Promise<string> {
  const read: BoundedFile = await readBounded(path, { maxBytes: 10, ...options });
  return read.state === "read" ? read.bytes.toString() : read.state === "refused" ? read.reason : read.state;
}

test("a file of exactly the limit is read, but not one byte more", async () => {
  assert.equal(await told(file("ten", "0123456789")), "0123456789");
  assert.equal(await told(file("eleven", "0123456789a")), "it has more than 10 bytes");
  assert.equal(await told(file("empty", "")), "");
});

test("a missing file is absent, and so is a path below a file", async () => {
  assert.equal(await told(join(folder, "none")), "absent");
  assert.equal(await told(join(file("leaf", "x"), "below")), "absent");
});

test("a folder, a pipe and a device are refused at once", onUnix, async () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const path of [folder, join(folder, "pipe"), "/dev/zero", "/dev/tty"])
    assert.match(await told(path), /not a regular file|folder/, path);
});

test(
  "a file of /proc that claims to be empty is read up to the limit only",
  { skip: process.platform !== "linux" },
  async () => {
    symlinkSync("/proc/self/pagemap", join(folder, "endless"));
    const before = process.memoryUsage().arrayBuffers;
    assert.match(
      await told(join(folder, "endless"), { maxBytes: 1024 * 1024 }),
      /more than 1048576 bytes|not a regular file/,
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
  },
);

test("a link is followed unless links are refused or it leads out of the folder", onUnix, async () => {
  mkdirSync(join(folder, "inner"));
  symlinkSync(file("target", "outside"), join(folder, "inner/out"));
  writeFileSync(join(folder, "inner/target"), "inside");
  symlinkSync("target", join(folder, "inner/in"));
  const within = join(folder, "inner");
  assert.equal(await told(join(within, "out")), "outside");
  assert.equal(await told(join(within, "out"), { links: "refused" }), "it is a link");
  assert.equal(await told(join(within, "out"), { within }), `it is a link that leads out of ${within}`);
  assert.equal(await told(join(within, "in"), { within }), "inside");
  assert.equal(await told(join(within, "none"), { within }), "absent");
});
