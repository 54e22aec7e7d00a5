import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Location, SymbolInformation } from "vscode-languageserver-protocol/node";
import { readWorkspace } from "../../../server/src/workspace/readWorkspace.ts";
import { WorkspaceIndex } from "../../../server/src/workspace/workspaceIndex.ts";
import { loadHclReader } from "../../../references/hclGrammar.ts";
import { startLspClient } from "../../support/lspClient.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "workspace-"));
  const files: Readonly<Record<string, string>> = {
    "w/base/Dockerfile": "FROM scratch AS runtime\nCOPY a /\nFROM runtime\n",
    "w/base/Dockerfile.j2": "FROM {{ base }} AS template\n",
    "w/base/Dockerfile.py": "import os\nFROM = 1\n",
    "w/web/web.dockerfile": "FROM shop/base:1 AS web\n",
    "w/node_modules/x/Dockerfile": "FROM scratch AS downloaded\n",
    "w/compose.yaml":
      "services:\n  base:\n    image: shop/base:${TAG:-1}\n    build: {context: base, target: runtime}\n  inline:\n    image: shop/inline\n    build: {dockerfile_inline: FROM scratch}\n",
    "w/docker-bake.hcl":
      'variable "TAG" {}\ntarget "web" {\n  context = "web"\n  dockerfile = "web.dockerfile"\n  tags = ["shop/web:1", "ghcr.io/shop/web:${TAG}"]\n}\n',
    "w/.github/workflows/build.yml":
      "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: base, tags: 'ci/base:1,ci/base:2'}\n",
    "outside/Dockerfile": "FROM scratch AS outside\n",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await symlink(join(folder, "outside"), join(folder, "w/linked"));
  await symlink(join(folder, "outside/Dockerfile"), join(folder, "w/Dockerfile.linked"));
});
after(() => rm(folder, { recursive: true }));

test("stages and builds of all files are read, but not what is downloaded, linked or another language", async () => {
  const root = join(folder, "w");
  const { dockerfiles, builds } = await readWorkspace([root], loadHclReader, new AbortController().signal);
  const stages = dockerfiles.flatMap(({ path, stages: all }) =>
    all.map(({ name, range }) => `${path.slice(root.length)}:${range.start.line + 1} ${name}`),
  );
  assert.deepEqual(stages.sort(), [
    "/base/Dockerfile:1 runtime",
    "/base/Dockerfile:3 runtime",
    "/web/web.dockerfile:1 web",
  ]);
  const named = builds.map(({ dockerfile, target = "", images }) =>
    [dockerfile.slice(root.length), target, ...images].join(" "),
  );
  assert.deepEqual(named.sort(), [
    "/base/Dockerfile  ci/base:1 ci/base:2",
    "/base/Dockerfile runtime shop/base",
    "/web/web.dockerfile  shop/web:1 ghcr.io/shop/web",
  ]);
});

test("a view never waits, and files are read again only once they may have changed", async () => {
  let reads = 0;
  const arrived: (() => void)[] = [];
  const index = new WorkspaceIndex(
    () => new Promise((resolve) => arrived.push(() => resolve({ dockerfiles: [], builds: build(++reads) }))),
    (error) => assert.fail(String(error)),
  );
  const build = (count: number) => Array.from({ length: count }, () => ({ dockerfile: "/d", images: [] }));
  const answer = async () => {
    arrived.shift()?.();
    await new Promise(setImmediate);
  };
  assert.equal(index.view().builds.length, 0);
  assert.equal(index.view().builds.length, 0);
  assert.equal(arrived.length, 1);
  await answer();
  assert.equal(index.view().builds.length, 1);
  assert.equal(arrived.length, 0);
  index.outdated();
  assert.equal(index.view().builds.length, 1);
  index.outdated();
  await answer();
  assert.equal(index.view().builds.length, 2);
  assert.equal(arrived.length, 1);
  index.dispose();
});

test("files that can't be read are reported, and the last view stays", async () => {
  const failures: unknown[] = [];
  const index = new WorkspaceIndex(
    () => Promise.reject(new Error("no")),
    (error) => failures.push(error),
  );
  assert.deepEqual(index.view(), { dockerfiles: [], builds: [] });
  await new Promise(setImmediate);
  assert.deepEqual(failures, [new Error("no")]);
  index.dispose();
});

test(
  "stages of files that aren't open are found, and an image leads to its Dockerfile",
  { timeout: 60_000 },
  async () => {
    const client = await startLspClient({ folder: join(folder, "w"), trusted: false });
    const uri = pathToFileURL(join(folder, "w/web/web.dockerfile")).href;
    client.open(uri, "FROM shop/base:1 AS opened\n");
    const symbols = async () =>
      (await client.connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query: "e" })).map(
        ({ name, location }) => `${name} ${location.uri.slice(location.uri.lastIndexOf("/") + 1)}`,
      );
    assert.deepEqual(await symbols(), ["opened web.dockerfile"]);
    while ((await symbols()).length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(await symbols(), ["opened web.dockerfile", "runtime Dockerfile", "runtime Dockerfile"]);
    const found = await client.connection.sendRequest<Location[]>("textDocument/definition", {
      textDocument: { uri },
      position: { line: 0, character: 8 },
    });
    assert.deepEqual(found, [
      {
        uri: pathToFileURL(join(folder, "w/base/Dockerfile")).href,
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      },
    ]);
    await client.stop();
  },
);
