import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CompletionItem, CompletionList, Hover, SemanticTokens } from "vscode-languageserver-protocol/node";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: string;
/** An editor that supports only the base of the protocol. */
let plain: LspClient;
let rich: LspClient;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "assist-"));
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src/main.js"), "x");
  await writeFile(join(folder, "secret.log"), "x");
  await writeFile(join(folder, ".dockerignore"), "*.log\n");
  const env = { DOCKER_HOST: `unix://${join(folder, "no.sock")}` };
  plain = await startLspClient({ folder, env, capabilities: {} });
  rich = await startLspClient({
    folder,
    env,
    capabilities: {
      textDocument: {
        completion: {
          completionItem: {
            snippetSupport: true,
            insertReplaceSupport: true,
            labelDetailsSupport: true,
            documentationFormat: ["markdown", "plaintext"],
            tagSupport: { valueSet: [1] },
          },
        },
        hover: { contentFormat: ["markdown"] },
      },
    },
  });
});
after(async () => {
  await plain.stop();
  await rich.stop();
  await rm(folder, { recursive: true });
});

/** Opens a text at its `|` and requests completions. */
async function completions(client: LspClient, name: string, marked: string): Promise<CompletionList> {
  const { uri, position } = open(client, name, marked);
  return client.connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
}

function open(client: LspClient, name: string, marked: string) {
  const uri = pathToFileURL(join(folder, name)).href;
  const before = marked.slice(0, marked.indexOf("|")).split("\n");
  client.open(uri, marked.replace("|", ""));
  return { uri, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
}

function named(list: CompletionList, label: string): CompletionItem {
  const item = list.items.find((candidate) => candidate.label === label);
  assert.ok(item, `${label} is among ${list.items.map((other) => other.label).join(", ")}`);
  return item;
}

test("a plain editor gets plain text, one range and no Markdown", async () => {
  const list = await completions(plain, "A.dockerfile", "FROM a\nCO|\n");
  const texts = list.items.map(({ textEdit }) => textEdit?.newText);
  assert.deepEqual(texts, [...new Set(texts)]);
  const item = named(list, "COPY");
  assert.deepEqual(item.textEdit, {
    newText: "COPY",
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 2 } },
  });
  assert.equal(item.insertTextFormat, undefined);
  assert.deepEqual(
    item.documentation && typeof item.documentation !== "string" && item.documentation.kind,
    "plaintext",
  );
  const { uri } = open(plain, "B.dockerfile", "|FROM scratch\n");
  const hover = await plain.connection.sendRequest<Hover>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 0, character: 2 },
  });
  assert.match(JSON.stringify(hover.contents), /"kind":"plaintext","value":"Starts a stage/);
  assert.doesNotMatch(JSON.stringify(hover.contents), /`|\]\(/);
});

test("a more capable editor gets snippets, both ranges, label details and Markdown", async () => {
  const flags = await completions(rich, "C.dockerfile", "FROM a\nCOPY --pa|rx a /\n");
  const item = named(flags, "--parents");
  assert.deepEqual(item.textEdit, {
    newText: "--parents",
    insert: { start: { line: 1, character: 5 }, end: { line: 1, character: 9 } },
    replace: { start: { line: 1, character: 5 }, end: { line: 1, character: 11 } },
  });
  assert.equal(item.labelDetails?.description, "needs docker/dockerfile:1.20");
  assert.match(JSON.stringify(item.documentation), /"kind":"markdown"/);
  const keywords = await completions(rich, "D.dockerfile", "FROM a\n|\n");
  assert.equal(named(keywords, "WORKDIR").insertTextFormat, 2);
  assert.deepEqual(named(keywords, "MAINTAINER").tags, [1]);
});

test(
  "a list is incomplete until the build context has been read, and then has its paths",
  { timeout: 20_000 },
  async () => {
    const { uri, position } = open(plain, "E.dockerfile", "FROM scratch\nCOPY |\n");
    let list: CompletionList;
    do {
      list = await plain.connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
      await new Promise((resolve) => setTimeout(resolve, 10));
    } while (list.isIncomplete);
    assert.equal(named(list, "src/").detail, "1 B");
    assert.equal(named(list, "secret.log").detail, "ignored by .dockerignore: *.log");
  },
);

test("an ignore file has completions, and a configuration has none", async () => {
  const list = await completions(plain, ".dockerignore", "# imagewright ignore=|\n");
  assert.ok(list.items.length > 0);
  assert.equal(await completions(plain, ".hadolint.yaml", "ignored:\n  - |\n"), null);
});

test("semantic tokens are numbers in the order of the legend", async () => {
  const { uri } = open(plain, "F.dockerfile", "|FROM a AS b\n");
  const tokens = await plain.connection.sendRequest<SemanticTokens>("textDocument/semanticTokens/full", {
    textDocument: { uri },
  });
  assert.deepEqual(tokens.data, [0, 5, 1, 4, 0, 0, 5, 1, 1, 1]);
  const ranged = await plain.connection.sendRequest<SemanticTokens>("textDocument/semanticTokens/range", {
    textDocument: { uri },
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
  });
  assert.deepEqual(ranged.data, []);
});
