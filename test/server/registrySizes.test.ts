import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { imageContent } from "../rig/images/imageContent.ts";
import type { Answerer, FakeHttpServer } from "../support/fakeHttpServer.ts";
import { startFakeHttpServer } from "../support/fakeHttpServer.ts";
import { startLspClient, type LspClient, type LspClientOptions } from "../support/lspClient.ts";
import { registry } from "../support/registry/fakeRegistry.ts";

const content = await imageContent({ layers: [{ a: "x".repeat(200_000) }] }, { compression: "gzip" });

/** Supports ranges, as real registries do. */
const ranged: Answerer = ({ line, range, ...request }, response, index) => {
  const bytes = content.blobs.get(/blobs\/(.*)$/.exec(line)?.[1] ?? "");
  if (!bytes || range === undefined) return registry(content)({ line, ...request }, response, index);
  response.writeHead(206).end(range.startsWith("bytes=-") ? bytes.subarray(-8) : bytes.subarray(0, 18));
};

let folder: string;
let server: FakeHttpServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "registry-sizes-"));
  server = await startFakeHttpServer(ranged);
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

interface SeenHint {
  readonly label: string;
  readonly tooltip: string;
  /** The number of requests to the registry. */
  readonly requests: number;
}

/** The hint of FROM, or of the line after it. */
async function hintOf(options: LspClientOptions, nextLine?: string): Promise<SeenHint> {
  const env = { DOCKER_HOST: `unix://${join(folder, "no.sock")}`, XDG_CACHE_HOME: join(folder, "cache") };
  const client = await startLspClient({ folder, env, ...options });
  const before = server.requests.length;
  try {
    const [label, tooltip] = await settledHint(client, nextLine);
    return { label, tooltip, requests: server.requests.length - before };
  } finally {
    await client.stop();
  }
}

async function settledHint(client: LspClient, nextLine = ""): Promise<readonly [label: string, tooltip: string]> {
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  client.open(uri, `FROM ${server.host}/a/b:1\n${nextLine}`);
  for (;;) {
    const seen = client.refreshes;
    const hints = await client.hints(uri);
    const hint = hints[nextLine === "" ? 0 : 1];
    if (hint && hint.label !== "…") return [String(hint.label), String(hint.tooltip)];
    while (client.refreshes === seen) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("a registry that the settings allow is contacted for a base image's size", { timeout: 60_000 }, async () => {
  const { label, tooltip } = await hintOf({ settings: { sizes: { registries: [server.host] } } });
  assert.match(label, /^≈ 19\d kB$/);
  assert.match(
    tooltip,
    /^\d+,\d+ to 20\d,\d+ bytes of files, computed: .* to download from 127\.0\.0\.1:\d+ for linux\//,
  );
});

test("registries that the settings don't allow aren't contacted", { timeout: 60_000 }, async () => {
  const { label, tooltip, requests } = await hintOf({});
  assert.deepEqual([label, requests], ["?", 0]);
  assert.match(tooltip, /isn't contacted unless the setting imagewright\.sizes\.registries has "127/);
});

test("without network or trust, registries aren't contacted", { timeout: 60_000 }, async () => {
  const allowed = { sizes: { registries: [server.host] } };
  const offline = await hintOf({ settings: { ...allowed, network: false } });
  const untrusted = await hintOf({ settings: allowed, trusted: false });
  assert.deepEqual([offline.label, offline.requests, untrusted.label, untrusted.requests], ["?", 0, "?", 0]);
});

test(
  "lines that depend on the base image's files read them from an allowed registry",
  { timeout: 60_000 },
  async () => {
    const line = "RUN chmod 600 /a\n";
    const allowed = await hintOf({ settings: { sizes: { registries: [server.host] } } }, line);
    assert.equal(allowed.label, "200 kB");
    const refused = await hintOf({}, line);
    assert.deepEqual([refused.label, refused.requests], ["?", 0]);
  },
);
