import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DocumentSymbol, FoldingRange, SymbolInformation } from "vscode-languageserver-protocol/node";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

/** An editor that knows nothing but the base of the protocol. */
let plain: LspClient;
let rich: LspClient;

before(async () => {
  plain = await startLspClient({ capabilities: {} });
  rich = await startLspClient({
    capabilities: {
      textDocument: {
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        foldingRange: { rangeLimit: 1 },
        rename: { prepareSupport: true },
      },
      workspace: { workspaceEdit: { documentChanges: true } },
    },
  });
});
after(async () => {
  await plain.stop();
  await rich.stop();
});

/** An unsaved document: navigation needs no file. */
const uri = "untitled:navigation";
const text = "FROM debian:12 AS build\nRUN a \\\n  b\nFROM scratch\nCOPY --from=build /a /\n";
const textDocument = { uri };

function open(): void {
  plain.open(uri, text);
  rich.open(uri, text);
}

test("the outline is a tree, or a list for editors that know none", async () => {
  open();
  const tree = await rich.connection.sendRequest<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
  assert.deepEqual(
    tree.map(({ name, detail, children }) => [name, detail, children?.map((child) => child.name)]),
    [
      ["build", "debian:12", ["RUN"]],
      ["scratch", "", ["COPY"]],
    ],
  );
  assert.deepEqual(tree[0]?.selectionRange, {
    start: { line: 0, character: 18 },
    end: { line: 0, character: 23 },
  });
  const list = await plain.connection.sendRequest<SymbolInformation[]>("textDocument/documentSymbol", { textDocument });
  assert.deepEqual(
    list.map(({ name, containerName }) => [name, containerName]),
    [
      ["build", undefined],
      ["RUN a b", "build"],
      ["scratch", undefined],
      ["COPY /a /", "scratch"],
    ],
  );
});

test("folding ranges are lines, no more than the editor takes", async () => {
  open();
  const all = await plain.connection.sendRequest<FoldingRange[]>("textDocument/foldingRange", { textDocument });
  assert.deepEqual(all, [
    { startLine: 0, endLine: 2 },
    { startLine: 1, endLine: 2 },
    { startLine: 3, endLine: 4 },
  ]);
  const some = await rich.connection.sendRequest<FoldingRange[]>("textDocument/foldingRange", { textDocument });
  assert.equal(some.length, 1);
});
