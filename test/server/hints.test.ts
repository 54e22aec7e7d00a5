import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: string;
let client: LspClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hints-"));
  await mkdir(join(folder, "app"));
  await writeFile(join(folder, "app/a.js"), "x".repeat(1500));
  await writeFile(join(folder, "app/b.log"), "x".repeat(9000));
  await writeFile(join(folder, ".dockerignore"), "**/*.log\n");
  // No engine responds there, which makes the size of a base image unknown.
  client = await startLspClient({ folder, env: { DOCKER_HOST: `unix://${join(folder, "no.sock")}` } });
});
after(async () => {
  await client.stop();
  await rm(folder, { recursive: true });
});

test(
  "hints come from the build context without ignored files, and are announced when known",
  { timeout: 20_000 },
  async () => {
    const uri = pathToFileURL(join(folder, "Dockerfile")).href;
    client.open(uri, "FROM scratch\nCOPY app /app\nRUN make\n");
    const labels = async () =>
      (await client.hints(uri)).map(({ label, position }) => `${position.line}: ${String(label)}`);
    await settled(labels);
    assert.deepEqual(await labels(), ["0: 0 B", "1: 1.50 kB", "2: ?", "2: total ≥ 1.50 kB + ?"]);
    while (client.refreshes === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  },
);

test(
  "hints of lines above the limit are marked, but not those of base images and totals",
  { timeout: 20_000 },
  async () => {
    const settings = { sizes: { warnAbove: "1kB" } };
    const other = await startLspClient({ folder, settings, env: { DOCKER_HOST: `unix://${join(folder, "no.sock")}` } });
    const uri = pathToFileURL(join(folder, "Large.dockerfile")).href;
    other.open(uri, "FROM scratch\nCOPY app /app\nRUN echo small > /x\nRUN make\n");
    await settled(async () => (await other.hints(uri)).map(({ label }) => String(label)));
    const hints = (await other.hints(uri)).map(({ label, data }) => `${String(label)} ${JSON.stringify(data)}`);
    await other.stop();
    assert.deepEqual(hints, [
      "0 B undefined",
      '1.50 kB {"isLarge":true}',
      "6 B undefined",
      "? undefined",
      "total ≥ 1.51 kB + ? undefined",
    ]);
  },
);

test("a refresh that an editor loses is sent again", { timeout: 20_000 }, async () => {
  const other = await startLspClient({ folder, trusted: false });
  const twice = new Promise<void>((resolve) => {
    let count = 0;
    other.connection.onRequest("workspace/inlayHint/refresh", () => {
      if (++count === 2) resolve();
      return null;
    });
  });
  const uri = pathToFileURL(join(folder, "Lost.dockerfile")).href;
  other.open(uri, "FROM scratch\nCOPY app /app\n");
  assert.match(JSON.stringify(await other.hints(uri)), /…/);
  // Nothing is requested after the first refresh.
  await twice;
  assert.equal((await other.hints(uri))[1]?.label, "1.50 kB");
  await other.stop();
});

test("a base image without an engine is unknown, and the hint gives the reason", async () => {
  const uri = pathToFileURL(join(folder, "Other.dockerfile")).href;
  client.open(uri, "FROM debian:12\n");
  await settled(async () => (await client.hints(uri)).map(({ label }) => String(label)));
  const [hint] = await client.hints(uri);
  assert.equal(hint?.label, "?");
  assert.match(String(hint?.tooltip), /no\.sock/);
});

test("a pinned FROM has its hint before the digest, within the visible part of the line", async () => {
  const uri = pathToFileURL(join(folder, "Pinned.dockerfile")).href;
  client.open(uri, `FROM debian:12@sha256:${"0".repeat(64)} AS base\n`);
  await settled(async () => (await client.hints(uri)).map(({ label }) => String(label)));
  assert.deepEqual((await client.hints(uri))[0]?.position, { line: 0, character: "FROM debian:12".length });
});

test("the total links to the lines that it lacks, whatever their text", async () => {
  const uri = pathToFileURL(join(folder, "Unknown.dockerfile")).href;
  client.open(uri, "FROM scratch\nRUN make\nADD ssh://a.b/[x](command:y)<b> /d\n");
  await settled(async () => (await client.hints(uri)).map(({ label }) => String(label)));
  const total = (await client.hints(uri)).at(-1);
  const lines = [
    "0 bytes of files, including the base image",
    "Not included: 2 layers of unknown size",
    `[Line 2](${uri}#L2): runs ${"\\`make\\`"}`,
    `[Line 3](${uri}#L3): ssh&#58;//a.b/\\[x\\]\\(command:y\\)\\<b\\> is cloned during the build`,
  ];
  assert.deepEqual(total?.tooltip, { kind: "markdown", value: lines.join("  \n") });
});

test("a changed file changes the hint", { timeout: 20_000 }, async () => {
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  await writeFile(join(folder, "app/a.js"), "x".repeat(2500));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: pathToFileURL(join(folder, "app/a.js")).href, type: 2 }],
  });
  const before = client.refreshes;
  await client.hints(uri);
  while (client.refreshes === before) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await client.hints(uri))[1]?.label, "2.50 kB");
});

/** Requests hints until none is pending. */
async function settled(labels: () => Promise<string[]>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (!(await labels()).some((label) => label.includes("…"))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("hints are pending after 10 s");
}
