import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { ClientCapabilities } from "vscode-languageserver-protocol/node";
import { pinImageCommand, type PinImageAnswer, type PinImageArguments } from "../../../server/protocol/protocol.ts";
import { temporaryFolder, type TemporaryFolder } from "../../rig/machine/folders.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";

const digest = `sha256:${"a".repeat(64)}`;
const names = [{ reference: "alpine:3", digest }];

let folder: TemporaryFolder;
let client: LspClient;
before(async () => {
  folder = await temporaryFolder("pins");
  await writeFile(join(folder.path, "closed.Dockerfile"), "FROM alpine:4\r\nFROM alpine:3 AS a\r\n");
  await writeFile(join(folder.path, "Dockerfile"), "FROM alpine:9\n");
  client = await startLspClient({ folder: folder.path, trusted: false });
  client.open(uriOf("Dockerfile"), "ARG V=3\nFROM docker.io/library/alpine:3\nFROM alpine:$V-x\n");
});
after(async () => {
  await client.stop();
  await folder.remove();
});

function uriOf(name: string): string {
  return pathToFileURL(join(folder.path, name)).href;
}

async function ask(args: Partial<PinImageArguments> = {}, asked = client): Promise<PinImageAnswer> {
  return (await asked.command(pinImageCommand, {
    uris: ["closed.Dockerfile", "Dockerfile"].map(uriOf),
    names,
    ...args,
  })) as PinImageAnswer;
}

describe("the command that pins an image", () => {
  test("pinImage lists each place before any change, and leaves digests unconfirmed without trust", async () => {
    const answer = await ask();
    assert.deepEqual(answer.places, [
      { uri: uriOf("closed.Dockerfile"), line: 1, before: "FROM alpine:3 AS a", after: `FROM alpine:3@${digest} AS a` },
      {
        uri: uriOf("Dockerfile"),
        line: 1,
        before: "FROM docker.io/library/alpine:3",
        after: `FROM docker.io/library/alpine:3@${digest}`,
      },
    ]);
    assert.deepEqual(answer.confirmations, [
      { ...names[0], state: "unknown", message: "this workspace is not trusted, so no registry was contacted" },
    ]);
    assert.deepEqual([answer.problems, client.appliedEdits], [[], []]);
  });
  test("pinImage changes the chosen places, by version if the file is open in the editor", async () => {
    const { places } = await ask();
    const answer = await ask({ chosen: places });
    assert.deepEqual([answer.applied, answer.places], [true, places]);
    const edit = (line: number, character: number) => [
      { range: { start: { line, character }, end: { line, character } }, newText: `@${digest}` },
    ];
    assert.deepEqual(client.appliedEdits.pop(), {
      documentChanges: [
        { textDocument: { uri: uriOf("closed.Dockerfile"), version: null }, edits: edit(1, 13) },
        { textDocument: { uri: uriOf("Dockerfile"), version: 1 }, edits: edit(1, 31) },
      ],
    });
  });
  test("pinImage leaves a place alone that has changed since it was chosen", async () => {
    const [first, second] = (await ask()).places;
    assert.ok(first && second);
    const answer = await ask({ chosen: [{ ...first, line: 7 }, second] });
    assert.deepEqual(answer.places, [second]);
    assert.deepEqual(client.appliedEdits.pop()?.documentChanges?.length, 1);
  });
  test("pinImage sends plain edits to editors that support no other form", async () => {
    const capabilities: ClientCapabilities = { workspace: { applyEdit: true, workspaceFolders: true } };
    const plain = await startLspClient({ folder: folder.path, trusted: false, capabilities });
    try {
      const { places } = await ask({ uris: [uriOf("closed.Dockerfile")] }, plain);
      await ask({ uris: [uriOf("closed.Dockerfile")], chosen: places }, plain);
      assert.deepEqual(Object.keys(plain.appliedEdits[0]?.changes ?? {}), [uriOf("closed.Dockerfile")]);
    } finally {
      await plain.stop();
    }
  });
  test("pinImage reports references that can't be pinned", async () => {
    const answer = await ask({ names: [{ reference: "alpine:3-x", digest }] });
    assert.deepEqual(answer.places, []);
    assert.match(answer.problems.join(), /^Dockerfile:3: alpine:\$V-x: a digest after \$\{V\}/);
  });
  test("pinImage refuses malformed arguments", async () => {
    for (const wrong of [
      { names: [{ reference: "a b", digest }] },
      { names: [{ reference: "a", digest: "x" }] },
      { names: [{}] },
      { chosen: [{}] },
    ]) {
      assert.match((await ask(wrong as Partial<PinImageArguments>)).refusal ?? "", /takes PinImageArguments/);
    }
  });
});
