import assert from "node:assert/strict";
import { suite, test } from "mocha";
import { commands, Uri, window, workspace, type CodeAction } from "vscode";
import { findings, openDockerfile, replaceAll } from "./editor.ts";

suite("diagnostics", () => {
  test("findings appear at exact ranges and change with the text", async () => {
    const editor = await openDockerfile("FROM debian:latest\n");
    const [found] = await findings(editor, 1);
    assert.equal(codeOf(found?.code), "latest-tag");
    assert.equal(found && editor.document.getText(found.range), "debian:latest");
    await replaceAll(editor, "FROM scratch\n");
    await findings(editor, 0);
  });

  test("a quick fix removes its finding and nothing else", async () => {
    const editor = await openDockerfile(
      "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y --no-install-recommends curl\n",
    );
    const [found] = await findings(editor, 1);
    assert.ok(found);
    const fix = (await actionsAt(editor.document.uri, found.range)).find(({ isPreferred }) => isPreferred);
    assert.ok(fix?.edit);
    await workspace.applyEdit(fix.edit);
    assert.match(
      editor.document.getText(),
      /^FROM debian:12\nRUN apt-get update && \\\n {4}apt-get install -y --no-install-recommends curl/,
    );
    assert.match(editor.document.getText(), /rm -rf \/var\/lib\/apt\/lists\/\*/);
    await findings(editor, 0);
  });

  test("a finding can be ignored on its line", async () => {
    const editor = await openDockerfile("FROM debian:latest\n");
    const [found] = await findings(editor, 1);
    assert.ok(found);
    const ignore = (await actionsAt(editor.document.uri, found.range)).find(
      ({ title }) => title === "Ignore latest-tag on this line",
    );
    assert.ok(ignore?.edit);
    await workspace.applyEdit(ignore.edit);
    assert.equal(editor.document.getText(), "# imagewright ignore=latest-tag\nFROM debian:latest\n");
    await findings(editor, 0);
  });

  test("a .dockerignore has its own findings", async () => {
    const dockerfile = await openDockerfile("FROM scratch\n");
    const uri = Uri.joinPath(dockerfile.document.uri, "../.dockerignore");
    await workspace.fs.writeFile(uri, Buffer.from("foo # bar\n"));
    const editor = await window.showTextDocument(await workspace.openTextDocument(uri));
    const [found] = await findings(editor, 1);
    assert.equal(codeOf(found?.code), "comment-behind-pattern");
    assert.equal(found && editor.document.getText(found.range), "# bar");
  });

  for (const [name, text] of [
    ["mid-typing", "FROM \nCOPY --fr\nRUN --mount=type=\nENV a"],
    ["CRLF and a byte order mark", "\ufeffFROM debian:latest\r\n"],
    ["empty", ""],
  ] as const) {
    test(`${name}: the server survives`, async () => {
      await openDockerfile(text);
      await findings(await openDockerfile("FROM debian:latest\n"), 1);
    });
  }
});

async function actionsAt(uri: unknown, range: unknown): Promise<readonly CodeAction[]> {
  return commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", uri, range);
}

function codeOf(code: unknown): unknown {
  return typeof code === "object" && code !== null && "value" in code ? code.value : code;
}
