// Completions of images in Compose, Bake, workflow and dev container files.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { CompletionItem, CompletionList } from "vscode-languageserver-protocol/node";
import { fileKinds } from "../../../references/in/fileKinds.ts";
import { lookUpTagsCommand } from "../../../server/protocol/protocol.ts";
import { becomesTrue } from "../../support/becomesTrue.ts";
import { startMinimalEngine, type MinimalEngine } from "../../support/engines/minimalEngine.ts";
import { answerWithImages } from "../../support/engines/minimalEngineImages.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { createMemoryImages, startMemoryRegistry, type MemoryRegistry } from "../../support/registry/memoryRegistry.ts";

const images = createMemoryImages();
const image = images.index(images.image({ os: "linux", architecture: "amd64" }, "2026-01-01T00:00:00Z"));
for (const tag of ["1.2.0", "1.2.1", "2.0.0"]) images.tag(`team/web:${tag}`, image);

let folder: string;
let engine: MinimalEngine;
let registry: MemoryRegistry;
let client: LspClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "image-file-"));
  const socket = join(folder, "engine.sock");
  engine = await startMinimalEngine(
    socket,
    answerWithImages(() => [{ name: "shop:1" }]),
  );
  registry = await startMemoryRegistry(images);
  client = await startLspClient({
    env: { DOCKER_HOST: `unix://${socket}` },
    settings: { pin: { otherFiles: fileKinds.map(({ name }) => name).filter((name) => name !== "dockerfile") } },
  });
});
after(async () => {
  await client.stop();
  await registry.stop();
  await engine.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  registry.requests.length = 0;
});

let opened = 0;

/** The completions at the `^` of a file, where REG is the registry. */
async function complete(name: string, marked: string): Promise<readonly CompletionItem[]> {
  const written = marked.replaceAll("REG", registry.host);
  const uri = `file:///images/${opened++}/${name}`;
  client.open(uri, written.replace("^", ""));
  const lines = written.slice(0, written.indexOf("^")).split("\n");
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const list: CompletionList = await client.connection.sendRequest("textDocument/completion", {
    textDocument: { uri },
    position,
  });
  return list.items;
}

/** The marked text with an item inserted. */
function inserted(marked: string, { textEdit }: CompletionItem): string {
  assert.ok(textEdit && "range" in textEdit);
  const { start, end } = textEdit.range;
  const lines = marked.replace("^", "").replaceAll("REG", registry.host).split("\n");
  const line = lines[start.line] ?? "";
  lines[start.line] = `${line.slice(0, start.character)}${textEdit.newText}${line.slice(end.character)}`;
  return lines.join("\n").replaceAll(registry.host, "REG");
}

/** The image `REG/team/web` in each kind of file; `@` is where its tag is. */
const places: readonly (readonly [string, string])[] = [
  ["compose.yaml", "services:\n  web:\n    image: REG/team/web:@\n    ports: []\n"],
  ["compose.yaml", 'services:\n  web: { image: "REG/team/web:@" }\n'],
  ["compose.yaml", "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM REG/team/web:@\n"],
  ["docker-bake.hcl", 'target "web" {\n  contexts = { base = "docker-image://REG/team/web:@" }\n}\n'],
  ["docker-bake.json", '{ "target": { "web": { "contexts": { "base": "docker-image://REG/team/web:@" } } } }\n'],
  [".devcontainer/devcontainer.json", '{\n  "image": "REG/team/web:@"\n}\n'],
  [".github/workflows/ci.yml", "jobs:\n  test:\n    container: REG/team/web:@\n    steps: []\n"],
  [".github/workflows/ci.yml", "jobs:\n  test:\n    steps:\n      - uses: docker://REG/team/web:@\n"],
];

/** The tags of the image are known once they were looked up. */
async function lookUp(): Promise<void> {
  const [name, text] = places[0] ?? ["", ""];
  const items = await complete(name, text.replace("@", "^"));
  const item = items.find(({ command }) => command?.command === lookUpTagsCommand);
  if (item) await client.command(lookUpTagsCommand, item.command?.arguments?.[0]);
}

describe("an image in a file that isn't a Dockerfile", () => {
  for (const [name, text] of places)
    test(`is completed with its tags after the colon: ${name}, ${text.split("\n").length - 1} lines`, async () => {
      await lookUp();
      registry.requests.length = 0;
      const marked = text.replace("@", "^");
      const items = await complete(name, marked);
      assert.deepEqual(
        items.map(({ label }) => label),
        ["2.0.0", "1.2.1", "1.2.0"],
      );
      assert.equal(inserted(marked, items[0] ?? { label: "" }), text.replace("@", "2.0.0"));
      assert.equal(registry.requests.length, 0);
    });

  test("is offered newer tags of its scheme first, which replace a tag that is written", async () => {
    await lookUp();
    const marked = "services:\n  web:\n    image: REG/team/web:1.2^.0\n";
    const items = await complete("compose.yaml", marked);
    assert.deepEqual(
      items.map(({ label }) => label),
      ["2.0.0", "1.2.1"],
    );
    assert.equal(inserted(marked, items[1] ?? { label: "" }), "services:\n  web:\n    image: REG/team/web:1.2.1\n");
  });

  for (const [name, text, word] of [
    ["compose.yaml", "services:\n  web:\n    image: ^\n", ""],
    ["compose.yaml", "services:\n  web:\n    image: sh^\n", "sh"],
    ["compose.yaml", 'services:\n  web: { image: "s^hop:0.9" }\n', "shop:0.9"],
    ["docker-bake.hcl", 'target "web" {\n  contexts = { base = "docker-image://^" }\n}\n', ""],
    [".devcontainer/devcontainer.json", '{ "image": "^" }\n', ""],
    [".github/workflows/ci.yml", "jobs:\n  test:\n    services:\n      db:\n        image: ^\n", ""],
  ] as const)
    test(`is offered the engine's images: ${name}, in place of "${word}"`, async () => {
      const offered = async () => (await complete(name, text)).find(({ label }) => label === "shop:1");
      await becomesTrue(async () => (await offered()) !== undefined);
      const written = text.replace("^", "");
      const expected = word === "" ? text.replace("^", "shop:1") : written.replace(word, "shop:1");
      assert.equal(inserted(text, (await offered()) ?? { label: "" }), expected);
    });

  test("has no completions at keys, ports and other values", async () => {
    for (const marked of [
      "services:^\n",
      "services:\n  web:\n    image: REG/team/web:1\n    ports: ^\n",
      "services:\n  web:\n    image: REG/team/web:1\n    ports: ['80:^']\n",
      "services:\n  web:\n    image: REG/team/web:1\n    command: run a:^\n",
      "services:\n  web:\n    build: ^\n",
      "# image: REG/team/web:^\n",
    ])
      assert.deepEqual(await complete("compose.yaml", marked), [], marked);
  });
});
