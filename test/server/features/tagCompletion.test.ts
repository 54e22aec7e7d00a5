// Completions of tags: from what registries listed when the user asked, never by a request while typing.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { CompletionItem, CompletionList } from "vscode-languageserver-protocol/node";
import { lookUpTagsCommand, pinCommand } from "../../../server/protocol/protocol.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { createMemoryImages, startMemoryRegistry, type MemoryRegistry } from "../../support/registry/memoryRegistry.ts";

const images = createMemoryImages();
const platform = { os: "linux", architecture: process.arch === "arm64" ? "arm64" : "amd64" };
const digestOf = new Map<string, string>();
for (const [tag, created, bytes] of [
  ["3.12.1-slim", "2024-01-02", 40_000_000],
  ["3.12.2-slim", "2024-02-02", 41_000_000],
  ["3.12.4-slim", "2024-06-07", 41_500_000],
  ["3.13.0-slim", "2024-10-08", 39_000_000],
  ["3.13.0", "2024-10-08", 350_000_000],
  ["latest", "2024-10-08", 350_000_000],
] as const)
  digestOf.set(tag, images.index(images.image(platform, `${created}T00:00:00Z`, bytes)));
for (const repository of ["python", "ruby", "typed", "by/upgrade", "team/x"])
  for (const [tag, digest] of digestOf) images.tag(`${repository}:${tag}`, digest);
images.tag("hostile:1.0", digestOf.get("latest") ?? "");
images.tag("hostile:1.1\nRUN evil", digestOf.get("latest") ?? "");

const env = { DOCKER_HOST: "unix:///nowhere.sock" };
let registry: MemoryRegistry;
let client: LspClient;
before(async () => {
  registry = await startMemoryRegistry(images);
  client = await startLspClient({ env });
});
after(async () => {
  await client.stop();
  await registry.stop();
});
afterEach(() => {
  registry.requests.length = 0;
  client.messages.length = 0;
});

let opened = 0;

interface Completed {
  readonly uri: string;
  readonly text: string;
  readonly list: CompletionList;
}

/** Opens a text at its `|`, where REG is the registry, and requests completions. */
async function complete(marked: string, on = client): Promise<Completed> {
  const written = marked.replaceAll("REG", registry.host);
  const uri = `file:///tags/${opened++}/Dockerfile`;
  const text = written.replace("|", "");
  on.open(uri, text);
  return { uri, text, list: await request(uri, written, on) };
}

async function request(uri: string, marked: string, on = client): Promise<CompletionList> {
  const lines = marked.slice(0, marked.indexOf("|")).split("\n");
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return on.connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
}

const isLookUp = ({ command }: CompletionItem): boolean => command?.command === lookUpTagsCommand;

/** Asks the registry as the completion does, unless its answer is known. */
async function lookUp(marked: string): Promise<void> {
  const { list } = await complete(marked);
  const item = list.items.find(isLookUp);
  if (item) await client.command(lookUpTagsCommand, item.command?.arguments?.[0]);
}

/** The text with an item inserted. */
function inserted({ text }: Completed, { textEdit }: CompletionItem): string {
  assert.ok(textEdit && "range" in textEdit);
  const { start, end } = textEdit.range;
  const lines = text.split("\n");
  const line = lines[start.line] ?? "";
  lines[start.line] = `${line.slice(0, start.character)}${textEdit.newText}${line.slice(end.character)}`;
  return lines.join("\n").replaceAll(registry.host, "REG");
}

const shown = ({ label, detail }: CompletionItem): string => `${label}: ${detail ?? ""}`;

describe("tags of an image", () => {
  test("tags are looked up by a completion only, and then listed with the newer ones first", async () => {
    const marked = "FROM REG/python:3.12.1-slim|\n";
    const { list } = await complete(marked);
    assert.deepEqual(
      list.items.filter(isLookUp).map(({ label }) => label),
      [`Look up the tags of ${registry.host}/python…`],
    );
    assert.equal(list.isIncomplete, true);
    assert.equal(registry.requests.length, 0);
    await lookUp(marked);
    assert.equal(registry.requests.filter((line) => line.includes("/tags/list")).length, 1);
    registry.requests.length = 0;
    const again = await complete(marked);
    assert.deepEqual(again.list.items.slice(0, 4).map(shown), [
      "3.13.0-slim: newer minor, 2024-10-08, -1.00 MB",
      "3.12.4-slim: newer patch, 2024-06-07, +1.50 MB",
      "3.12.2-slim: newer patch",
      "scratch: empty",
    ]);
    assert.match(JSON.stringify(again.list.items[0]?.documentation), new RegExp(digestOf.get("3.13.0-slim") ?? "none"));
    assert.equal(registry.requests.length, 0);
  });

  test("all tags are listed after the colon, the newest first, wherever an image is named", async () => {
    await lookUp("FROM REG/ruby:|\n");
    for (const marked of [
      "FROM REG/ruby:|\n",
      "FROM scratch\nCOPY --from=REG/ruby:| / /\n",
      "FROM scratch\nRUN --mount=from=REG/ruby:|,target=/x true\n",
      "FROM scratch\nONBUILD COPY --from=REG/ruby:| / /\n",
    ]) {
      const completed = await complete(marked);
      const tags = completed.list.items.filter(({ label }) => digestOf.has(label));
      assert.deepEqual(
        tags.map(({ label }) => label),
        ["3.13.0", "3.13.0-slim", "3.12.4-slim", "3.12.2-slim", "3.12.1-slim", "latest"],
        marked,
      );
      const [first] = tags;
      assert.ok(first);
      assert.equal(inserted(completed, first), marked.replace("|", "3.13.0"));
    }
    assert.equal(registry.requests.filter((line) => line.includes("/tags/list")).length, 1);
  });

  test("the list of tags narrows down while one is typed, whose half isn't taken for a version", async () => {
    await lookUp("FROM REG/ruby:3|\n");
    const { list } = await complete("FROM REG/ruby:3.1|3\n");
    const details = list.items.filter(({ label }) => digestOf.has(label)).map(({ detail }) => detail);
    assert.ok(details.length > 0);
    assert.ok(details.every((detail) => detail?.startsWith("tag")));
  });

  test("tags are offered in the ARG that holds one", async () => {
    await lookUp("FROM REG/team/x:3.12.1-slim|\n");
    const completed = await complete("ARG V=3.12.1-slim|\nFROM REG/team/x:$V\n");
    const newest = completed.list.items[0];
    assert.ok(newest);
    assert.equal(inserted(completed, newest), "ARG V=3.13.0-slim\nFROM REG/team/x:$V\n");
  });

  test("tags aren't offered where a host's port may follow, or in text", async () => {
    for (const marked of [
      "FROM localhost:|\n",
      "FROM localhost:50|\n",
      "FROM registry.example.com:|\n",
      "FROM a\nRUN echo a:|\n",
      "FROM $X:|\n",
    ])
      assert.deepEqual((await complete(marked)).list.items.filter(isLookUp), [], marked);
  });

  test("names that aren't tags are left out", async () => {
    await lookUp("FROM REG/hostile:1.0|\n");
    const { list } = await complete("FROM REG/hostile:|\n");
    assert.deepEqual(
      list.items.map(({ label }) => label).filter((label) => label.startsWith("1")),
      ["1.0"],
    );
  });

  test("tags that can't be read are a warning, and can be looked up again", async () => {
    await lookUp("FROM REG/absent:1|\n");
    assert.equal(client.messages.length, 1);
    assert.match(client.messages[0] ?? "", /absent/);
    assert.equal((await complete("FROM REG/absent:1|\n")).list.items.some(isLookUp), true);
  });

  test("tags are known after an upgrade", async () => {
    const { uri, text } = await complete("FROM REG/by/upgrade:3.12.1-slim|\n");
    const reference = text.slice(5, -1);
    await client.command(pinCommand, { uri, mode: "update", level: "patch", offset: 5, reference });
    const { list } = await complete("FROM REG/by/upgrade:3.12.1-slim|\n");
    assert.equal(list.items[0]?.label, "3.13.0-slim");
  });
});

describe("a newer tag of a pinned image", () => {
  const old = (): string => `@${digestOf.get("3.12.1-slim") ?? ""}`;

  test("a newer tag replaces tag and digest by those that are known", async () => {
    await lookUp("FROM REG/python:3.12.1-slim|\n");
    const completed = await complete(`FROM REG/python:3.12.1-slim|${old()} AS base\n`);
    const item = completed.list.items.find(({ label }) => label === "3.12.4-slim");
    assert.ok(item);
    const pinned = `FROM REG/python:3.12.4-slim@${digestOf.get("3.12.4-slim") ?? ""} AS base\n`;
    assert.equal(inserted(completed, item), pinned);
    assert.equal(item.command, undefined);
  });

  for (const [where, marked] of [
    ["its own text", "FROM REG/python:3.12.1-slim|DIGEST\n"],
    ["an ARG before it", "ARG V=3.12.1-slim|DIGEST\nFROM REG/python:$V\n"],
  ] as const)
    test(`a newer tag is pinned once it is inserted into ${where}, if its digest isn't known`, async () => {
      await lookUp("FROM REG/python:3.12.1-slim|\n");
      const completed = await complete(marked.replace("DIGEST", old()));
      const item = completed.list.items.find(({ label }) => label === "3.12.2-slim");
      assert.ok(item);
      const text = inserted(completed, item);
      assert.equal(text, marked.replace("3.12.1-slim|DIGEST", "3.12.2-slim"));
      client.change(completed.uri, 2, text.replaceAll("REG", registry.host));
      await client.command(pinCommand, item.command?.arguments?.[0]);
      assert.deepEqual(client.messages, []);
      assert.match(
        JSON.stringify(client.appliedEdits.at(-1)),
        new RegExp(`"newText":"@${digestOf.get("3.12.2-slim") ?? ""}"`),
      );
    });
});

test("imagewright.completion.registryTags reads the tags while one is written, once", async () => {
  const typing = await startLspClient({ env, settings: { completion: { registryTags: true } } });
  try {
    const marked = "FROM REG/typed:3.12.1-slim|\n".replace("REG", registry.host);
    const { uri, list } = await complete(marked, typing);
    let { items } = list;
    const deadline = Date.now() + 60_000;
    while (items[0]?.label !== "3.13.0-slim" && Date.now() < deadline) ({ items } = await request(uri, marked, typing));
    assert.equal(items[0]?.label, "3.13.0-slim");
    assert.deepEqual(registry.requests, ["GET /v2/typed/tags/list?n=1000"]);
  } finally {
    await typing.stop();
  }
});

for (const [state, options] of [
  ["in an untrusted workspace", { trusted: false, settings: { completion: { registryTags: true } } }],
  ["while the network is off", { settings: { network: false, completion: { registryTags: true } } }],
] as const)
  test(`no tag is looked up ${state}`, async () => {
    const other = await startLspClient({ env, ...options });
    try {
      const { list } = await complete("FROM REG/team/x:3.12.1-slim|\n", other);
      assert.deepEqual(list.items.filter(isLookUp), []);
      await other.command(lookUpTagsCommand, `${registry.host}/team/x:1`);
      assert.equal(other.messages.length, 1);
    } finally {
      await other.stop();
    }
    assert.equal(registry.requests.length, 0);
  });
