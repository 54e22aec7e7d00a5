import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeAction,
  DocumentLink,
  Location,
  Range,
  SelectionRange,
  SignatureHelp,
  SymbolInformation,
  TextEdit,
} from "vscode-languageserver-protocol/node";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: string;
let client: LspClient;

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "editing-")));
  await writeFile(join(folder, "a b.txt"), "x");
  client = await startLspClient({
    folder,
    env: { DOCKER_HOST: `unix://${join(folder, "no.sock")}` },
    settings: { format: { keywordCase: "upper" } },
  });
});
after(async () => {
  await client.stop();
  await rm(folder, { recursive: true });
});

function open(name: string, text: string): { readonly uri: string } {
  const uri = pathToFileURL(join(folder, name)).href;
  client.open(uri, text);
  return { uri };
}

const options = { tabSize: 2, insertSpaces: true, insertFinalNewline: true };

/** Each edit as `line:from-to text`. */
const shown = (edits: readonly TextEdit[]) =>
  edits.map(({ range: { start, end }, newText }) => `${start.line}:${start.character}-${end.character} ${newText}`);

test("a document is formatted as the editor and the settings say", async () => {
  const textDocument = open("A.dockerfile", "from a  \nRUN b \\\n      c");
  assert.deepEqual(shown(await client.connection.sendRequest("textDocument/formatting", { textDocument, options })), [
    "0:0-4 FROM",
    "0:6-8 ",
    "2:0-6   ",
    "2:7-7 \n",
  ]);
  const range = { start: { line: 0, character: 5 }, end: { line: 0, character: 5 } };
  const ranged = await client.connection.sendRequest<TextEdit[]>("textDocument/rangeFormatting", {
    textDocument,
    options,
    range,
  });
  assert.deepEqual(shown(ranged), ["0:0-4 FROM", "0:6-8 "]);
});

test("a template, another language and an ignore file are not formatted", async () => {
  for (const [name, text] of [
    ["B.dockerfile", "from {{ suite }}  \n"],
    ["C.dockerfile", "import x  \nprint(y)  \nfoo  \nbar  \n"],
    [".dockerignore", "a  \n"],
  ] as const) {
    const textDocument = open(name, text);
    const edits = await client.connection.sendRequest("textDocument/formatting", { textDocument, options });
    assert.deepEqual(edits, [], name);
  }
});

test("Enter indents the line that it begins", async () => {
  const textDocument = open("D.dockerfile", "FROM a\nRUN b \\\n\n");
  const edits = await client.connection.sendRequest<TextEdit[]>("textDocument/onTypeFormatting", {
    textDocument,
    options: { tabSize: 0, insertSpaces: true },
    position: { line: 2, character: 0 },
    ch: "\n",
  });
  assert.deepEqual(shown(edits), ["2:0-0     "]);
});

test("selections grow from the word to the document", async () => {
  const textDocument = open("E.dockerfile", "FROM a\nRUN b c\n");
  const [first] = await client.connection.sendRequest<SelectionRange[]>("textDocument/selectionRange", {
    textDocument,
    positions: [{ line: 1, character: 6 }],
  });
  const lines: string[] = [];
  for (let at = first; at; at = at.parent) {
    const { start, end } = at.range;
    lines.push(`${start.line}:${start.character}-${end.line}:${end.character}`);
  }
  assert.deepEqual(lines, ["1:6-1:7", "1:4-1:7", "1:0-1:7", "0:0-1:7", "0:0-2:0"]);
  const empty = { textDocument: open("F.dockerfile", ""), positions: [{ line: 0, character: 0 }] };
  assert.equal((await client.connection.sendRequest<unknown[]>("textDocument/selectionRange", empty)).length, 1);
});

test("a source of COPY leads to its file once the build context has been read", { timeout: 60_000 }, async () => {
  const textDocument = open("G.dockerfile", 'FROM debian:12\nCOPY ["a b.txt", "/"]\n');
  let links: DocumentLink[];
  do {
    links = await client.connection.sendRequest("textDocument/documentLink", { textDocument });
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (links.length < 2);
  const file = pathToFileURL(join(folder, "a b.txt")).href;
  assert.deepEqual(
    links.map(({ target }) => target),
    ["https://hub.docker.com/_/debian", file],
  );
  const definition = await client.connection.sendRequest<Location>("textDocument/definition", {
    textDocument,
    position: { line: 1, character: 8 },
  });
  const start = { line: 0, character: 0 };
  assert.deepEqual(definition, { uri: file, range: { start, end: start } });
});

test("signature help names the parameter, as a text for an editor that knows no offsets", async () => {
  const textDocument = open("H.dockerfile", "FROM a\nCOPY b c\n");
  const help = await client.connection.sendRequest<SignatureHelp>("textDocument/signatureHelp", {
    textDocument,
    position: { line: 1, character: 7 },
  });
  const [form] = help.signatures;
  assert.deepEqual(
    [form?.label, form?.parameters?.[help.activeParameter ?? -1]?.label, help.activeSignature],
    ["COPY [OPTIONS] <src>... <dest>", "<dest>", 0],
  );
});

test("stages of open Dockerfiles are found by letters of their names", async () => {
  const { uri } = open("I.dockerfile", "FROM a AS first-stage\nFROM b AS other\n");
  const find = async (query: string) =>
    (await client.connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query })).map(
      ({ name, location }) => [name, location.uri],
    );
  assert.deepEqual(await find("FSTA"), [["first-stage", uri]]);
  assert.deepEqual(await find("sf"), []);
});

test("refactorings are offered by their kinds, in templates none", async () => {
  const { uri } = open("J.dockerfile", "FROM a\nRUN b && c\n");
  const range = { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } };
  const actions = await client.actions(uri, range, ["refactor"]);
  assert.deepEqual(
    actions.map(({ title, kind }) => `${kind}: ${title}`),
    ["refactor.rewrite: Split into 2 RUN instructions", "refactor.rewrite: Convert to a heredoc"],
  );
  const template = open("K.dockerfile", "FROM {{ suite }}\nRUN b && c\n");
  assert.deepEqual(await client.actions(template.uri, range, ["refactor"]), []);
});

test(
  "a missing ignore file is created in an editor that can, and an empty file filled for the project",
  { timeout: 60_000 },
  async () => {
    await mkdir(join(folder, "web/node_modules"), { recursive: true });
    await writeFile(join(folder, "web/node_modules/a.js"), "x");
    await writeFile(join(folder, "web/go.mod"), "module x\n");
    const able = await startLspClient({
      folder: join(folder, "web"),
      env: { DOCKER_HOST: `unix://${join(folder, "no.sock")}` },
      capabilities: { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } } },
    });
    try {
      const uri = pathToFileURL(join(folder, "web/Dockerfile")).href;
      able.open(uri, "FROM a\nCOPY . /\n");
      const range = { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } };
      const actions = await offered(able, uri, range);
      const target = pathToFileURL(join(folder, "web/.dockerignore")).href;
      const [create, write] = actions[0]?.edit?.documentChanges ?? [];
      assert.deepEqual(create, { kind: "create", uri: target, options: { overwrite: false, ignoreIfExists: false } });
      assert.match(JSON.stringify(write), /node_modules/);
      const empty = pathToFileURL(join(folder, "web/Other.dockerfile")).href;
      able.open(empty, "\n");
      const [first] = await offered(able, empty, range);
      assert.equal(first?.title, "Write a Dockerfile for this Go project");
    } finally {
      await able.stop();
    }
  },
);

/** The refactorings at a range, once the build context has been read. */
async function offered(editor: LspClient, uri: string, range: Range): Promise<readonly CodeAction[]> {
  let actions: CodeAction[];
  do {
    actions = await editor.actions(uri, range, ["refactor"]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (actions.length === 0);
  return actions;
}
