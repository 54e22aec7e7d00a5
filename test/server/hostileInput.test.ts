import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pinCommand, type PinAnswer } from "../../server/protocol/protocol.ts";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let client: LspClient;
before(async () => {
  client = await startLspClient();
});
after(() => client.stop());

for (const uri of [
  "file:///work/a%2Fb/Dockerfile",
  "file://elsewhere/share/Dockerfile",
  "file:///work/%00/Dockerfile",
  "untitled:Dockerfile-1",
  "vscode-vfs://host/x/Dockerfile",
]) {
  test(`a document that isn't on a local disk is linted by its text: ${uri}`, async () => {
    client.open(uri, "FROM debian:latest\n");
    assert.deepEqual(
      (await client.diagnostics(uri)).map(({ code }) => code),
      ["latest-tag"],
    );
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    assert.deepEqual(await client.diagnostics(uri), []);
  });
}

test("a workspace folder that isn't on a local disk doesn't prevent the server from starting", async () => {
  const other = await startLspClient({ folderUri: "file://elsewhere/share" });
  await other.stop();
});

test("a document of more than 2 MB gets one notice, and isn't checked", async () => {
  const long = "file:///work/long/Dockerfile";
  client.open(long, `FROM debian:latest\n${"RUN sudo true\n".repeat(160_000)}`);
  assert.deepEqual(
    (await client.diagnostics(long)).map(({ message }) => message),
    ["This file has more than 2 MB, so Imagewright does not check it"],
  );
  assert.deepEqual(await client.hints(long), []);
  const pinned = (await client.command(pinCommand, { uri: long, mode: "unpin" })) as PinAnswer;
  assert.equal(pinned.refusal, "This file has more than 2 MB, so Imagewright does not check it");
  await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: long } });
});

const uri = "file:///work/Dockerfile";
for (const args of [
  undefined,
  null,
  "pin",
  {},
  { uri },
  { uri: 1, mode: "pin" },
  { uri, mode: "toString" },
  { uri, mode: "unpin", offset: "0" },
]) {
  test(`a malformed argument of the pin command is refused: ${JSON.stringify(args)}`, async () => {
    client.open(uri, "FROM debian:12\n");
    const answer = (await client.command(pinCommand, args)) as PinAnswer | null;
    assert.match(answer?.refusal ?? "", /PinArguments/);
    assert.deepEqual(answer?.outcomes, []);
  });
}
