// Build arguments that put an image into FROM, in the files that give them.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";
import { imagewright, type CliResult } from "../run.ts";

let folder: string;
let registry: TagRegistry;
before(async () => {
  registry = await startTagRegistry();
});
after(() => registry.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-args-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll("REG", registry.host));
  }
}

/** The file, in which digests are @NAME:TAG and REG is the registry. */
async function read(path: string, names: readonly string[]): Promise<string> {
  let text = (await readFile(join(folder, path), "utf8")).replaceAll(registry.host, "REG");
  for (const name of names) text = text.replaceAll(registry.digestOf(name), name);
  return text;
}

function pin(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["pin", ...args], { cwd: folder, env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" } });
}

// Each file beside app/Dockerfile, where digests are @NAME:TAG.
const pinned: Readonly<Record<string, string>> = {
  "compose.map.yaml":
    'services:\n  web:\n    build:\n      context: ./app\n      args:\n        BASE: REG/base:3@base:3 # the base\n        V: "2@x:2"\n        OTHER: 9\n',
  "compose.list.yaml":
    "services:\n  web:\n    build: {context: app, args: ['BASE=${FROM:-REG/base:3@base:3}', V=2@x:2]}\n  api:\n    build: {context: app, args: {V: 2@x:2}}\n",
  "docker-bake.hcl":
    'variable "BASE" { default = "REG/base:3@base:3" }\ntarget "common" {\n  args = { V = "2@x:2" }\n}\ntarget "app" {\n  inherits = ["common"]\n  context = "app"\n  args = { BASE = BASE }\n}\n',
  "docker-bake.json": '{"target": {"app": {"context": "app", "args": {"BASE": "REG/base:3@base:3", "V": "2@x:2"}}}}\n',
  ".devcontainer/devcontainer.json":
    '{\n  // comment\n  "build": {"dockerfile": "../app/Dockerfile", "args": {"BASE": "REG/base:3@base:3", "V": "2@x:2"}},\n}\n',
  ".github/workflows/build.yml":
    "on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: app\n          build-args: |\n            BASE=REG/base:3@base:3\n            V=2@x:2\n            OTHER=${{ github.sha }}\n",
};

test("the arguments of builds are pinned where they stand, a check is then clean, and unpinning restores the text", async () => {
  const digest = /@(?:base:3|x:2)/g;
  await write({
    "app/Dockerfile": "ARG BASE\nARG V=1\nFROM ${BASE} AS a\nFROM REG/x:$V\n",
    ...Object.fromEntries(Object.entries(pinned).map(([path, text]) => [path, text.replaceAll(digest, "")])),
  });
  const paths = Object.keys(pinned);
  const written = await pin("--write", ...paths);
  assert.deepEqual([written.code, written.stderr], [0, ""], written.stdout);
  for (const path of paths) assert.equal(await read(path, ["base:3", "x:2"]), pinned[path]);
  const check = await pin("--check", ...paths);
  assert.deepEqual([check.code, check.stderr], [0, ""], check.stdout);
  const warnings = await pin("app");
  assert.doesNotMatch(warnings.stdout, /sets ARG/);
  assert.equal((await pin("--unpin", "--write", ...paths)).code, 0);
  for (const path of paths) assert.equal(await read(path, []), pinned[path]?.replaceAll(digest, ""));
});

test("arguments of builds are pinned in a folder only if their kind of file is requested, and a check names their place", async () => {
  await write({
    Dockerfile: "ARG V=1@sha256:" + "0".repeat(64) + "\nFROM REG/x:$V\n",
    "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      args:\n        V: '2'\n",
  });
  assert.doesNotMatch((await pin(".")).stdout, /x:2 is/);
  const { code, stdout } = await pin("--check", "--fail-on", "unpinned", "--format", "json", "--kind", "compose", ".");
  assert.equal(code, 1);
  const { files } = JSON.parse(stdout) as {
    files: { path: string; references: { place: string; range: unknown }[] }[];
  };
  const compose = files.find(({ path }) => path.endsWith("compose.yaml"));
  assert.deepEqual(
    compose?.references.map(({ place, range }) => ({ place, range })),
    [{ place: "arg", range: { start: { line: 5, character: 12 }, end: { line: 5, character: 13 } } }],
  );
});
