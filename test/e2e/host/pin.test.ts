import assert from "node:assert/strict";
import { suite, test } from "mocha";
import { commands, Position, Selection, type CodeAction } from "vscode";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { eventually, openDockerfile } from "./editor.ts";

suite("pinning in the extension host", () => {
  test("the pin command adds the index's digest after the tag and changes nothing else", async () => {
    const { host, digest } = await pushed("app");
    const editor = await openDockerfile(
      `FROM   --platform=$BUILDPLATFORM ${host}/app:1   AS build # not a comment\nFROM build\n`,
    );
    editor.selection = new Selection(new Position(0, 40), new Position(0, 40));
    // The command waits until its message is closed, so it isn't awaited.
    void commands.executeCommand("imagewright.pin.atCursor");
    const text = await eventually("the pin", () =>
      editor.document.getText().includes("@sha256") ? editor.document.getText() : undefined,
    );
    assert.equal(
      text,
      `FROM   --platform=$BUILDPLATFORM ${host}/app:1@${digest}   AS build # not a comment\nFROM build\n`,
    );
  });

  test("a code action pins an image, and another one unpins it", async () => {
    const { host, digest } = await pushed("other");
    const editor = await openDockerfile(`FROM ${host}/other:1\n`);
    await run(editor.document.uri, editor.document.lineAt(0).range, /^Pin .* to its digest$/);
    await eventually("the pin", () =>
      editor.document.getText() === `FROM ${host}/other:1@${digest}\n` ? true : undefined,
    );
    await run(editor.document.uri, editor.document.lineAt(0).range, /^Unpin /);
    await eventually("no pin", () => (editor.document.getText() === `FROM ${host}/other:1\n` ? true : undefined));
  });
});

/** A multi-platform image in the registry. */
async function pushed(repository: string): Promise<{ host: string; digest: string }> {
  const host = process.env["IMAGEWRIGHT_TEST_REGISTRY"];
  assert.ok(host, "the runner gives a registry");
  const content = await imageContent([
    { layers: [{ a: "amd64" }], platform: { os: "linux", architecture: "amd64" } },
    { layers: [{ a: "arm64" }], platform: { os: "linux", architecture: "arm64" } },
  ]);
  await pushImage({ host }, { repository, tag: "1" }, content);
  return { host, digest: content.root.digest };
}

async function run(uri: unknown, range: unknown, title: RegExp): Promise<void> {
  const action = await eventually(String(title), async () => {
    const actions = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", uri, range);
    return actions.find((candidate) => title.test(candidate.title));
  });
  assert.ok(action.command);
  await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
}
