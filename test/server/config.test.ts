import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: string;
let client: LspClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
  await mkdir(join(folder, "app/deep"), { recursive: true });
  client = await startLspClient({
    folder,
    env: { HOME: folder, XDG_CONFIG_HOME: join(folder, "none") },
    settings: { rules: { "unpinned-base": "error", shellcheck: "off" } },
  });
});
after(async () => {
  await client.stop();
  await rm(folder, { recursive: true });
});

let uri: string;
let files = 0;
beforeEach(() => {
  uri = pathToFileURL(join(folder, `app/deep/${files++}.Dockerfile`)).href;
});
afterEach(() => client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } }));

const text = "FROM debian:latest AS a\nFROM alpine\nRUN cd /x\n";

test("a configuration above applies to the first response, and the editor's settings override it", async () => {
  await configure("ignored: [DL3007, DL3006]\noverride:\n  info: [DL3006]\n");
  client.open(uri, text);
  assert.deepEqual(await found(), ["unpinned-base 1"]);
});

test("a change of the configuration is noticed once it is saved", { timeout: 20_000 }, async () => {
  await configure("ignored: [DL3007]\n");
  client.open(uri, text);
  assert.deepEqual(await found(), ["unpinned-base 1"]);
  await configure("override: {style: [DL3007]}\n");
  await until(async () => (await found()).join() === "latest-tag 4,unpinned-base 1");
});

test("problems in a configuration are shown there until they are fixed", { timeout: 20_000 }, async () => {
  await configure("ignored: [DL3007]\nigno: 1\n");
  client.open(uri, text);
  await found();
  await until(() => Promise.resolve(published().length === 1));
  assert.deepEqual(
    published().map(({ range, message, severity }) => [range, String(message).split(";")[0], severity]),
    [[{ start: { line: 1, character: 0 }, end: { line: 1, character: 4 } }, "unknown key igno", 2]],
  );
  await configure("ignored: [DL3007]\n");
  await until(async () => (await found()).length === 1 && published().length === 0);
});

test("invalid YAML is reported once, and none of it applies", { timeout: 20_000 }, async () => {
  await configure("ignored: [DL3007\nstrict-labels: [[[\n");
  client.open(uri, text);
  await until(async () => (await found()).length === 2);
  assert.equal(published().length, 1);
});

test("a configuration that is deleted no longer applies", { timeout: 20_000 }, async () => {
  await configure("ignored: [DL3007]\nigno: 1\n");
  client.open(uri, text);
  await until(async () => (await found()).length === 1 && published().length === 1);
  await rm(join(folder, ".hadolint.yaml"));
  await tell();
  await until(async () => (await found()).length === 2 && published().length === 0);
});

test("an open configuration gets its own diagnostics while it is typed", async () => {
  const config = configUri();
  client.open(config, "ignored: [DL3007]\nigno: 1\n");
  assert.deepEqual(
    (await client.diagnostics(config)).map(({ range }) => range.start),
    [{ line: 1, character: 0 }],
  );
  client.change(config, 2, "ignored: [DL3007]\n");
  assert.deepEqual(await client.diagnostics(config), []);
  assert.deepEqual(await client.hints(config), []);
});

function configUri(): string {
  return pathToFileURL(join(folder, ".hadolint.yaml")).href;
}

function published() {
  return client.published.get(configUri()) ?? [];
}

async function configure(yaml: string): Promise<void> {
  await writeFile(join(folder, ".hadolint.yaml"), yaml);
  await tell();
}

function tell(): Promise<void> {
  return client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: configUri(), type: 2 }],
  });
}

async function found(): Promise<string[]> {
  return (await client.diagnostics(uri))
    .map(({ code, severity }) => `${code} ${severity}`)
    .filter((line) => /latest-tag|unpinned-base/.test(line))
    .sort();
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
}
