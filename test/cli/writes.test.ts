import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeDockerfile } from "../../cli/src/dockerfiles.ts";
import { imagewright } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "cli-writes-"));
after(() => rmSync(folder, { recursive: true }));
const fixable = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
const fix = ["lint", "--no-network", "--no-shellcheck", "--fix"];

test("lint --fix keeps a file's permissions", { skip: process.platform === "win32" }, async () => {
  const path = join(folder, "Dockerfile");
  writeFileSync(path, fixable);
  chmodSync(path, 0o640);
  await imagewright([...fix, path]);
  assert.notEqual(readFileSync(path, "utf8"), fixable);
  assert.equal(statSync(path).mode & 0o777, 0o640);
});

test("lint --fix never writes through an outside link", { skip: process.platform === "win32" }, async () => {
  mkdirSync(join(folder, "repo"));
  writeFileSync(join(folder, "outside"), fixable);
  symlinkSync("../outside", join(folder, "repo/Dockerfile"));
  const { code, stderr } = await imagewright([...fix, join(folder, "repo/Dockerfile")]);
  assert.equal(code, 2);
  assert.match(stderr, /could not be written: it is a link to .*outside, which is in another folder/);
  assert.equal(readFileSync(join(folder, "outside"), "utf8"), fixable);
});

test("a file that changed while it was linted is not written", async () => {
  const absolutePath = join(folder, "changed");
  writeFileSync(absolutePath, "FROM debian:13\n");
  await assert.rejects(
    writeDockerfile({ path: "changed", absolutePath, text: "FROM debian:12\n" }, "FROM debian:12@sha256:0\n"),
    /changed could not be written: it has changed since it was read/,
  );
  assert.equal(readFileSync(absolutePath, "utf8"), "FROM debian:13\n");
});
