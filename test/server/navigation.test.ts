import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type {
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Location,
  Range,
  SymbolInformation,
  WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

/** An editor that supports only the base of the protocol. */
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

test("the outline is a tree, or a list for editors that don't support trees", async () => {
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

test("folding ranges are lines, at most as many as the editor accepts", async () => {
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

/** `line:from-to`, zero-based as in the protocol. */
const shown = ({ start, end }: Range) => `${start.line}:${start.character}-${end.character}`;

test("a stage has a definition, references and highlights", async () => {
  open();
  const position = { line: 4, character: 15 };
  const at = { textDocument, position };
  const definition = await plain.connection.sendRequest<Location>("textDocument/definition", at);
  assert.deepEqual([definition.uri, shown(definition.range)], [uri, "0:18-23"]);
  const references = (includeDeclaration: boolean) =>
    plain.connection.sendRequest<Location[]>("textDocument/references", { ...at, context: { includeDeclaration } });
  assert.deepEqual(
    (await references(true)).map(({ range }) => shown(range)),
    ["0:18-23", "4:12-17"],
  );
  assert.deepEqual(
    (await references(false)).map(({ range }) => shown(range)),
    ["4:12-17"],
  );
  const highlights = await plain.connection.sendRequest<DocumentHighlight[]>("textDocument/documentHighlight", at);
  assert.deepEqual(
    highlights.map(({ range, kind }) => [shown(range), kind]),
    [
      ["0:18-23", 3],
      ["4:12-17", 2],
    ],
  );
  const nothing = { textDocument, position: { line: 1, character: 1 } };
  assert.equal(await plain.connection.sendRequest("textDocument/definition", nothing), null);
  assert.deepEqual(await plain.connection.sendRequest("textDocument/documentHighlight", nothing), []);
});

test("rename returns edits in the form that the editor supports, and the reason for a refusal", async () => {
  open();
  const at = { textDocument, position: { line: 0, character: 20 } };
  const range = await rich.connection.sendRequest<Range>("textDocument/prepareRename", at);
  assert.equal(shown(range), "0:18-23");
  const rename = (client: LspClient, newName: string) =>
    client.connection.sendRequest<WorkspaceEdit>("textDocument/rename", { ...at, newName });
  const plainEdit = await rename(plain, "made");
  assert.deepEqual(
    plainEdit.changes?.[uri]?.map((edit) => [shown(edit.range), edit.newText]),
    [
      ["0:18-23", "made"],
      ["4:12-17", "made"],
    ],
  );
  assert.equal((await rename(rich, "made")).documentChanges?.length, 1);
  await assert.rejects(rename(plain, "scratch"), /scratch has a meaning of its own/);
  const keyword = { textDocument, position: { line: 0, character: 1 } };
  assert.equal(await rich.connection.sendRequest("textDocument/prepareRename", keyword), null);
  await assert.rejects(
    rich.connection.sendRequest("textDocument/rename", { ...keyword, newName: "x" }),
    /Only stages, ARG and ENV/,
  );
});

test("an ignore file doesn't support navigation", async () => {
  plain.open("file:///w/.dockerignore", "a\n");
  const at = { textDocument: { uri: "file:///w/.dockerignore" }, position: { line: 0, character: 0 } };
  assert.equal(await plain.connection.sendRequest("textDocument/definition", at), null);
  assert.deepEqual(await plain.connection.sendRequest("textDocument/documentSymbol", at), []);
  assert.deepEqual(await plain.connection.sendRequest("textDocument/foldingRange", at), []);
});
