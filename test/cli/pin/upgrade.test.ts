import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";
import { imagewright, type CliResult } from "../run.ts";

let folder: string;
let registry: TagRegistry;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-upgrade-"));
  registry = await startTagRegistry({
    answer(line, response) {
      if (!line.includes("/tags/list")) return false;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: "x", tags: ["1.2.3", "1.2.10", "1.3.0", "2.0.0", "latest"] }));
      return true;
    },
  });
});
after(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

function pin(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["pin", ...args], { cwd: folder, env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" } });
}

test("--upgrade moves tags within its level in files of every kind, and lists them once", async () => {
  await writeFile(join(folder, "Dockerfile"), `FROM ${registry.host}/x:1.2.3\n`);
  await writeFile(join(folder, "compose.yaml"), `services: {a: {image: "${registry.host}/x:1.2.3"}}\n`);
  const { code, stderr } = await pin("--upgrade", "patch", "--write", "Dockerfile", "compose.yaml");
  assert.deepEqual([code, stderr], [0, ""]);
  const newer = `${registry.host}/x:1.2.10@${registry.digestOf("x:1.2.10")}`;
  assert.equal(await readFile(join(folder, "Dockerfile"), "utf8"), `FROM ${newer}\n`);
  assert.equal(await readFile(join(folder, "compose.yaml"), "utf8"), `services: {a: {image: "${newer}"}}\n`);
  assert.equal(registry.requests.filter((line) => line.includes("tags/list")).length, 1);
});

test("--upgrade requires a level and rejects other modes", async () => {
  const wrong = await pin("--upgrade", "newest", "Dockerfile");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--upgrade takes patch, minor, major, not "newest"/);
  assert.match(
    (await pin("--upgrade", "patch", "--check", "Dockerfile")).stderr,
    /--check and --upgrade can't be combined/,
  );
});
