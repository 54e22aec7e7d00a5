import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { contextFolder, type ContextFolder } from "../support/dockerfile/contextFolder.ts";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: ContextFolder;
let client: LspClient;
before(async () => {
  folder = await contextFolder({
    "package.json": "{}",
    "src/a.js": "1",
    "debug.log": "1",
    "dev.Dockerfile": "",
    ".dockerignore": "*.log\n",
    "docker/Dockerfile": "FROM scratch\nCOPY package.json src/ /app/\n",
    "docker/Dockerfile.dockerignore": "src\n",
  });
  client = await startLspClient({
    folder: folder.path,
    env: { DOCKER_HOST: `unix://${join(folder.path, "no.sock")}` },
  });
});
after(async () => {
  await client.stop();
  await folder.remove();
});

const uriOf = (path: string) => pathToFileURL(join(folder.path, path)).href;

/** Findings as `rule: text`, once the facts are known. */
async function found(path: string, text: string, expected: readonly string[]): Promise<void> {
  const shown = async () =>
    (await client.diagnostics(uriOf(path))).map(({ code, range }) => {
      const line = text.split("\n")[range.start.line] ?? "";
      return `${code}: ${line.slice(range.start.character, range.end.character)}`;
    });
  let last = await shown();
  for (let tries = 0; tries < 200 && JSON.stringify(last) !== JSON.stringify(expected); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    last = await shown();
  }
  assert.deepEqual(last, expected);
}

test("an ignore file is checked with the files of its folder", { timeout: 20_000 }, async () => {
  const text = "*.log\nmissing\n!src\nsrc\n[x\n";
  client.open(uriOf(".dockerignore"), text);
  await found(".dockerignore", text, [
    "unmatched-ignore-pattern: missing",
    "early-ignore-exception: !src",
    "invalid-ignore-pattern: [x",
  ]);
  assert.deepEqual(await client.hints(uriOf(".dockerignore")), []);
});

test("unnecessary patterns are tagged as such", async () => {
  const [unmatched] = await client.diagnostics(uriOf(".dockerignore"));
  assert.deepEqual(unmatched?.tags, [1]);
  assert.equal(unmatched?.severity, 4);
});

test("findings in an ignore file have fixes, and can be silenced by a comment", async () => {
  const exception = (await client.diagnostics(uriOf(".dockerignore"))).find(
    ({ code }) => code === "early-ignore-exception",
  );
  assert.ok(exception);
  const titles = (await client.actions(uriOf(".dockerignore"), exception.range)).map(({ title }) => title);
  assert.deepEqual(titles, [
    "Move the exception down",
    "Ignore early-ignore-exception on this line",
    "Ignore early-ignore-exception in this file",
  ]);
  const text = "# imagewright ignore=early-ignore-exception\n!src\nsrc\n";
  client.change(uriOf(".dockerignore"), 2, text);
  await found(".dockerignore", text, []);
});

test(
  "a Dockerfile's context is the folder with the files that it copies, and its own ignore file decides",
  { timeout: 20_000 },
  async () => {
    const text = "FROM scratch\nCOPY package.json src/ /app/\nCOPY misssing /\n";
    client.open(uriOf("docker/Dockerfile"), text);
    await found("docker/Dockerfile", text, ["copy-ignored-file: src/", "missing-source: misssing"]);
    const [ignored] = await client.diagnostics(uriOf("docker/Dockerfile"));
    assert.match(String(ignored?.message), /docker\/Dockerfile\.dockerignore line 1 \(src\)/);
  },
);

test("an ignore file of a Dockerfile uses the Dockerfile's context", { timeout: 20_000 }, async () => {
  const text = "src\nDebug.log\n";
  client.open(uriOf("docker/Dockerfile.dockerignore"), text);
  await found("docker/Dockerfile.dockerignore", text, ["misspelt-ignore-pattern: Debug.log"]);
});

test("creating a file removes the findings that it was missing", { timeout: 20_000 }, async () => {
  await folder.write({ misssing: "1" });
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: uriOf("misssing"), type: 1 }],
  });
  await found("docker/Dockerfile", "FROM scratch\nCOPY package.json src/ /app/\nCOPY misssing /\n", [
    "copy-ignored-file: src/",
  ]);
});

test("the setting determines the context", { timeout: 20_000 }, async () => {
  const configured = await startLspClient({ folder: folder.path, settings: { buildContext: "docker" } });
  const last = client;
  client = configured;
  try {
    const text = "FROM scratch\nCOPY package.json src/ Dockerfile /app/\n";
    configured.open(uriOf("docker/Dockerfile"), text);
    await found("docker/Dockerfile", text, ["missing-source: package.json", "missing-source: src/"]);
  } finally {
    client = last;
    await configured.stop();
  }
});
