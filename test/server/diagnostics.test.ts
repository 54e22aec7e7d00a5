import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DocumentDiagnosticReport } from "vscode-languageserver-protocol/node";
import { spawnServer, startLspClient, type LspClient } from "../support/lspClient.ts";

let client: LspClient;
before(async () => {
  client = await startLspClient();
});
after(() => client.stop());

const uri = "file:///work/Dockerfile";

test("diagnostics are pulled, with the rule as code and an exact range", async () => {
  client.open(uri, "FROM debian:latest\n");
  const [first, ...rest] = await client.diagnostics(uri);
  assert.deepEqual(rest, []);
  assert.equal(first?.code, "latest-tag");
  assert.equal(first?.source, "imagewright");
  assert.deepEqual(first?.range, { start: { line: 0, character: 5 }, end: { line: 0, character: 18 } });
});

test("a change is noticed immediately, and a fix removes its finding", async () => {
  const text = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=1\n";
  client.change(uri, 2, text);
  const found = (await client.diagnostics(uri)).find(({ code }) => code === "apt-lists-left");
  assert.ok(found);
  const actions = await client.actions(uri, found.range);
  const fix = actions.find(({ isPreferred }) => isPreferred);
  const edit = fix?.edit?.documentChanges?.[0];
  assert.ok(edit && "edits" in edit && edit.edits[0] && "newText" in edit.edits[0]);
  assert.match(edit.edits[0].newText, /rm -rf \/var\/lib\/apt\/lists\/\*/);
  assert.equal(edit.textDocument.version, 2);
});

test("fix-all is offered when requested by name", async () => {
  const all = await client.actions(uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, [
    "source.fixAll",
  ]);
  assert.deepEqual(
    all.map(({ kind }) => kind),
    ["source.fixAll.imagewright"],
  );
});

test("fix-all leaves a file alone that its name and text show not to be a Dockerfile", async () => {
  const everything = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  for (const name of ["Dockerfile", "Dockerfile.md", "Dockerfile.tpl"]) {
    const other = `file:///work/other/${name}`;
    client.open(other, "from debian:12\nRUN a\nRUN b\n```\n");
    const actions = await client.actions(other, everything, ["source.fixAll"]);
    assert.equal(actions.length, name === "Dockerfile" ? 1 : 0, name);
  }
});

test("a finding can be ignored on its line and in the file", async () => {
  client.change(uri, 3, "FROM debian:latest\n");
  const [found] = await client.diagnostics(uri);
  assert.ok(found);
  const titles = (await client.actions(uri, found.range)).map(({ title }) => title);
  assert.ok(titles.includes("Ignore latest-tag on this line"), titles.join());
  assert.ok(titles.includes("Ignore latest-tag in this file"), titles.join());
});

for (const [name, text] of [
  ["an empty file", ""],
  ["a byte order mark", "\ufeffFROM scratch\n"],
  ["CRLF", "FROM debian:latest\r\nRUN x\\\r\n  y\r\n"],
  ["no newline at the end", "FROM scratch"],
  ["mid-typing", "FROM \nCOPY --from= \nRUN --mount=type=\nENV a\n"],
  ["binary", String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))],
] as const) {
  test(`${name} gets a response`, async () => {
    const other = `file:///work/${encodeURIComponent(name)}/Dockerfile`;
    client.open(other, text);
    assert.ok(Array.isArray(await client.diagnostics(other)));
    assert.ok(Array.isArray(await client.hints(other)));
  });
}

test("a document of 10 MB gets a response, and the server survives", async () => {
  const large = "file:///work/large/Dockerfile";
  client.open(large, `FROM scratch\n${"ENV A=1 # some text that is long\n".repeat(320_000)}`);
  assert.ok(Array.isArray(await client.diagnostics(large)));
  client.open("file:///work/small/Dockerfile", "FROM debian:latest\n");
  assert.equal((await client.diagnostics("file:///work/small/Dockerfile")).length, 1);
});

test("an editor without pull diagnostics gets them pushed", async () => {
  const pushed = await startLspClient({ capabilities: {} });
  try {
    pushed.open(uri, "FROM debian:latest\n");
    await pushed.hints(uri);
    assert.deepEqual(
      pushed.published.get(uri)?.map(({ code }) => code),
      ["latest-tag"],
    );
    // It doesn't support versioned edits either.
    const actions = await pushed.actions(uri, { start: { line: 0, character: 6 }, end: { line: 0, character: 6 } }, [
      "quickfix",
    ]);
    const edits = actions.flatMap(({ edit }) => edit ?? []);
    assert.ok(edits.length > 0 && edits.every((edit) => edit.changes && !edit.documentChanges));
  } finally {
    await pushed.stop();
  }
});

test("settings choose a rule's severity", async () => {
  const configured = await startLspClient({ settings: { rules: { "latest-tag": "off", "unpinned-base": "error" } } });
  try {
    configured.open(uri, "FROM debian:latest AS a\nFROM alpine\nCOPY --from=a /x /x\n");
    assert.deepEqual(
      (await configured.diagnostics(uri)).map(({ code, severity }) => [code, severity]),
      [["unpinned-base", 1]],
    );
  } finally {
    await configured.stop();
  }
});

test("unchanged diagnostics aren't sent again", async () => {
  const pull = (previousResultId?: string) =>
    client.connection.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", {
      textDocument: { uri: "file:///work/pulled/Dockerfile" },
      ...(previousResultId !== undefined && { previousResultId }),
    });
  client.open("file:///work/pulled/Dockerfile", "FROM debian:latest\n");
  const first = await pull();
  assert.ok(first.kind === "full" && first.resultId !== undefined);
  assert.deepEqual(await pull(first.resultId), { kind: "unchanged", resultId: first.resultId });
  client.change("file:///work/pulled/Dockerfile", 2, "FROM debian:12\nRUN x\n");
  const changed = await pull(first.resultId);
  assert.ok(changed.kind === "full" && changed.resultId !== first.resultId);
  assert.deepEqual(await pull("another server's"), changed);
});

test("requests before initialize are refused as too early, and notifications are dropped", async () => {
  const server = spawnServer();
  for (const method of ["textDocument/diagnostic", "textDocument/hover", "workspace/executeCommand", "shutdown"])
    await assert.rejects(server.connection.sendRequest(method, { textDocument: { uri } }), { code: -32002 }, method);
  await server.connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "dockerfile", version: 1, text: "FROM debian:latest\n" },
  });
  await server.connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  assert.deepEqual(await server.diagnostics(uri), []);
  await server.stop();
});

test("requests after shutdown are refused as invalid, whatever their method", async () => {
  const other = await startLspClient();
  await other.connection.sendRequest("shutdown");
  for (const method of ["textDocument/diagnostic", "textDocument/hover", "workspace/executeCommand", "shutdown"])
    await assert.rejects(other.connection.sendRequest(method, { textDocument: { uri } }), { code: -32600 }, method);
  const ended = new Promise((resolve) => other.connection.onClose(() => resolve(undefined)));
  await other.connection.sendNotification("exit");
  await ended;
});
