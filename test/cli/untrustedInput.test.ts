import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { imagewright } from "./run.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-untrusted-"));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

// C0, DEL and C1 except the line feed, and characters that change the direction of text.
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

test("text from a file never reaches the terminal as a control sequence", async () => {
  const path = await file(
    "escapes",
    "FROM scratch AS \u001b[31mx\nCOPY a\u001b[2J\u009b1m /\nFROM debian\u001b]0;x\u0007:12\nFOO\u001b[1m bar\u202e\u2066\n",
  );
  const config = await file("escapes.yaml", 'ignored: ["\\e[31mDL"]\n');
  for (const args of [
    ["sizes", "--no-network", path],
    ["sizes", "--no-network", "--format", "json", path],
    ["lint", "--no-network", path],
    ["lint", "--no-network", "--config", config, path],
    ["lint", "--no-network", "--format", "json", path],
    ["pin", "--unpin", path],
    ["sizes", `${folder}/\u001b[31m`],
    ["sizes", "--target", "\u001b[31m", "--no-network", path],
  ]) {
    const { stdout, stderr } = await imagewright(args);
    assert.doesNotMatch(stdout + stderr, controls, args.join(" "));
  }
});

test("a file that isn't UTF-8 is linted, but not written back with lost bytes", async () => {
  const bytes = Buffer.from(
    "# caf\u00e9\nFROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
    "latin1",
  );
  const path = await file("latin1", bytes);
  const { code, stderr } = await imagewright(["lint", "--no-network", "--fix", path]);
  assert.equal(code, 2);
  assert.match(stderr, /not valid UTF-8/);
  assert.deepEqual(await readFile(path), bytes);
});

test("an endless file is not read forever", { skip: process.platform === "win32" }, async () => {
  await symlink("/dev/zero", join(folder, "endless"));
  const { code, stderr } = await imagewright(["sizes", "--no-network", join(folder, "endless")]);
  assert.equal(code, 2);
  assert.match(stderr, /more than the \d+ bytes/);
});

test("a build argument without a value is the environment's, and ignored if that has none", async () => {
  await file("data.bin", "12345");
  const path = await file("args", "FROM scratch\nARG FILE=data.bin\nCOPY $FILE /\n");
  const total = async (env: NodeJS.ProcessEnv): Promise<unknown> =>
    JSON.parse(
      (
        await imagewright(
          ["sizes", "--no-network", "--format", "json", "--context", folder, "--build-arg", "FILE", path],
          { env },
        )
      ).stdout,
    ).stages[0].total;
  assert.deepEqual(await total({}), { low: 5, likely: 5, high: 5, unknown: 0 });
  assert.deepEqual(await total({ FILE: "missing" }), { low: 0, likely: 0, high: 0, unknown: 1 });
});
