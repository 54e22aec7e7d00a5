// What a check leaves behind: hints, warnings and hovers, which contact no registry themselves.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { MarkupKind, type Hover } from "vscode-languageserver-protocol/node";
import { pinCommand, type PinArguments } from "../../server/protocol/protocol.ts";
import { createMemoryImages, startMemoryRegistry, type MemoryRegistry } from "../support/registry/memoryRegistry.ts";
import { fullCapabilities, startLspClient, type LspClient } from "../support/lspClient.ts";

// Every image has linux/amd64, with a date that matters, and linux/arm64.
const images = createMemoryImages();
const { image, index } = images;
const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64" };
const old = index(image(amd64, "2026-01-01T00:00:00Z"), image(arm64, "2026-01-01T00:00:00Z"));
const newer = index(image(amd64, "2026-01-13T05:00:00Z"), image(arm64, "2026-01-13T05:00:00Z"));
const otherPlatformOnly = index(image(amd64, "2026-01-01T00:00:00Z"), image(arm64, "2026-01-13T05:00:00Z"));
const gone = `sha256:${"9".repeat(64)}`;

let client: LspClient;
let server: MemoryRegistry;
let registry: string;
let requests: string[];
before(async () => {
  server = await startMemoryRegistry(images);
  ({ host: registry, requests } = server);
  images.tag("moved:1", newer);
  images.tag("same:1", otherPlatformOnly);
  images.tag("current:1", old);
  images.tag("gone:1", newer);
  client = await startLspClient({ env: { DOCKER_HOST: "unix:///nowhere.sock" }, commandLinks: true, capabilities });
});
after(async () => {
  await client.stop();
  await server.stop();
});
afterEach(() => {
  requests.length = 0;
  client.messages.length = 0;
});

const capabilities = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, hover: { contentFormat: [MarkupKind.Markdown] } },
};

let opened = 0;

function open(text: string, on = client): { readonly uri: string; readonly text: string } {
  const uri = `file:///pin-knowledge/${opened++}/Dockerfile`;
  const written = text.replaceAll("REG", registry);
  on.open(uri, written);
  return { uri, text: written };
}

async function check(uri: string, more: Partial<PinArguments> = {}): Promise<void> {
  await client.command(pinCommand, { uri, mode: "check", ...more } satisfies PinArguments);
}

/** The hints with an arrow, each with its place in the text. */
async function arrows({ uri, text }: ReturnType<typeof open>, on = client): Promise<readonly string[]> {
  const hints = (await on.hints(uri)) ?? [];
  return hints.flatMap(({ label, position, tooltip }) => {
    if (typeof label !== "string" || !label.startsWith("↑")) return [];
    const line = text.split("\n")[position.line] ?? "";
    return [`${line.slice(0, position.character).slice(-4)} ${label} (${String(tooltip)})`.replaceAll(registry, "REG")];
  });
}

async function hovered({ uri, text }: ReturnType<typeof open>): Promise<string> {
  const params = { textDocument: { uri }, position: { line: 0, character: text.indexOf(registry) } };
  const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", params);
  return hover ? JSON.stringify(hover.contents) : "";
}

const platform = "--platform=linux/amd64 ";

describe("after a check", () => {
  test("a hint shows how much newer the tag's image is", async () => {
    const file = open(`FROM ${platform}REG/moved:1@${old}\n`);
    assert.deepEqual(await arrows(file), []);
    await check(file.uri);
    assert.deepEqual(await arrows(file), [
      `ed:1 ↑ 12 days (1 points to ${newer.slice(7, 19)} now, no longer to ${old.slice(7, 19)}. Its image for linux/amd64 has changed and is 12 days newer.)`,
    ]);
    const before = requests.length;
    await arrows(file);
    assert.equal(requests.length, before);
  });
  test("a hint says so if the platform's image is the same", async () => {
    const file = open(`ARG V=1@${old}\nFROM ${platform}REG/same:$V\n`);
    await check(file.uri);
    const [hint = ""] = await arrows(file);
    assert.match(hint, /↑ your platform unchanged \(.*It has the same image for linux\/amd64\.\)$/);
    assert.ok(hint.startsWith(" V=1 ↑"), hint);
  });
  test("a pin that is up to date has no hint", async () => {
    const file = open(`FROM ${platform}REG/current:1@${old}\n`);
    await check(file.uri);
    assert.deepEqual(await arrows(file), []);
    assert.match(await hovered(file), /The pin is up to date/);
  });
  test("a digest that is gone is a warning, and its update a quick fix", async () => {
    const file = open(`FROM ${platform}REG/gone:1@${gone}\n`);
    const warnings = async () =>
      (await client.diagnostics(file.uri)).filter(({ message }) => String(message).includes("no longer has"));
    assert.deepEqual(await warnings(), []);
    await check(file.uri);
    const [warning] = await warnings();
    assert.equal(warning?.message, "The registry no longer has 999999999999, so builds fail. Update the digest.");
    const [fix] = await client.actions(file.uri, warning.range, ["quickfix"]);
    assert.match(fix?.title ?? "", /^Update the digest of /);
    await client.command(pinCommand, fix?.command?.arguments?.[0]);
    assert.match(JSON.stringify(client.appliedEdits.at(-1)), new RegExp(newer));
  });
});

describe("a hover", () => {
  test("links to a look-up, and shows what it found", async () => {
    const file = open(`FROM REG/moved:1\n`);
    assert.equal(requests.length, 0);
    const link = /Look it up in its registry\]\(command:imagewright\.server\.pin\?([^)]+)\)/.exec(
      await hovered(file),
    )?.[1];
    assert.equal(requests.length, 0);
    const [args] = JSON.parse(decodeURIComponent(link ?? "")) as [PinArguments];
    assert.equal(args.mode, "check");
    await client.command(pinCommand, args);
    const text = await hovered(file);
    for (const part of [
      newer,
      "`linux/amd64`, `linux/arm64`",
      "1.50 MB",
      // An image of the future has no age.
      Date.parse("2026-01-13T05:00:00Z") < Date.now() ? "2026-01-13, " : "2026-01-13",
      "User: `app`",
      "Attestations: none",
      "Look it up again",
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });
});

test("imagewright.pin.watch looks pins up in the background, once", async () => {
  const watching = await startLspClient({
    env: { DOCKER_HOST: "unix:///nowhere.sock" },
    settings: { pin: { watch: true } },
  });
  try {
    const file = open(`FROM ${platform}REG/moved:1@${old}\n`, watching);
    const deadline = Date.now() + 60_000;
    let found: readonly string[] = [];
    while (found.length === 0 && Date.now() < deadline) {
      found = await arrows(file, watching);
      if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.match(found[0] ?? "", /↑ 12 days/);
    assert.equal(requests.filter((line) => line === "HEAD /v2/moved/manifests/1").length, 1);
  } finally {
    await watching.stop();
  }
});

test("imagewright.pin.watch contacts nothing in an untrusted workspace", async () => {
  const untrusted = await startLspClient({ settings: { pin: { watch: true } }, trusted: false });
  try {
    const file = open(`FROM REG/moved:1@${old}\n`, untrusted);
    await arrows(file, untrusted);
    await untrusted.diagnostics(file.uri);
  } finally {
    await untrusted.stop();
  }
  assert.deepEqual(requests, []);
});
