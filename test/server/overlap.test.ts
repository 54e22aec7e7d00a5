import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

const uri = "file:///nowhere/Dockerfile";
const text = "FROM alpine:3.22 AS Build\nRUN cd /srv && make\nFROM scratch\nCOPY --from=Build /a /\n";
/** A position on the stage's name. */
const position = { line: 0, character: 21 };
const range = { start: { line: 0, character: 0 }, end: { line: 4, character: 0 } };

/** The features that other Dockerfile extensions also offer, and a position to request each. */
const overlapping: readonly (readonly [method: string, params: object])[] = [
  ["completion", { position: { line: 1, character: 0 } }],
  ["hover", { position }],
  ["definition", { position: { line: 3, character: 13 } }],
  ["references", { position, context: { includeDeclaration: true } }],
  ["documentHighlight", { position }],
  ["documentSymbol", {}],
  ["foldingRange", {}],
  ["prepareRename", { position }],
  ["rename", { position, newName: "other" }],
  ["formatting", { options: { tabSize: 2, insertSpaces: true } }],
  ["rangeFormatting", { range, options: { tabSize: 2, insertSpaces: true } }],
  ["onTypeFormatting", { position: { line: 4, character: 0 }, ch: "\n", options: { tabSize: 2, insertSpaces: true } }],
  ["documentLink", {}],
  ["signatureHelp", { position: { line: 1, character: 4 } }],
  ["semanticTokens/full", {}],
  ["semanticTokens/range", { range }],
];

const clients = new Map<string, LspClient>();
before(async () => {
  for (const overlappingFeatures of ["ask", "show", "hide"]) {
    const client = await startLspClient({ settings: { overlappingFeatures } });
    client.open(uri, text);
    clients.set(overlappingFeatures, client);
  }
});
after(() => Promise.all([...clients.values()].map((client) => client.stop())));

for (const [method, params] of overlapping)
  test(`${method} is left to another extension only if the setting says so`, async () => {
    const answers: Record<string, boolean> = {};
    for (const [setting, client] of clients)
      answers[setting] =
        (await client.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...params })) !== null;
    assert.deepEqual(answers, { ask: true, show: true, hide: false });
  });

test("findings of BuildKit's checks are left to another extension, all others stay", async () => {
  const found: Record<string, unknown> = {};
  for (const [setting, client] of clients)
    found[setting] = (await client.diagnostics(uri))
      .map(({ code }) => code)
      .filter((code) => /casing|^cd-/.test(String(code)));
  assert.deepEqual(found, {
    ask: ["stage-name-casing", "cd-in-run"],
    show: ["stage-name-casing", "cd-in-run"],
    hide: ["cd-in-run"],
  });
});

test("size hints and quick fixes are never left to another extension", async () => {
  const client = clients.get("hide");
  assert.ok(client);
  assert.ok((await client.hints(uri)).length > 0);
  assert.ok((await client.actions(uri, range)).length > 0);
});
