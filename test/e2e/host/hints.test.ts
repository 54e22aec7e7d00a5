import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { suite, test } from "mocha";
import { commands, Range, Uri, workspace, type InlayHint, type TextEditor } from "vscode";
import { loadImage } from "../../rig/engines/loadImage.ts";
import { dockerArchive } from "../../rig/images/imageContent.ts";
import { eventually, openDockerfile } from "./editor.ts";

suite("size hints", () => {
  test("the hint of COPY is the size in the build context without ignored files, and follows the disk", async () => {
    const editor = await openDockerfile("FROM scratch\nCOPY app /app\n");
    const folder = dirname(editor.document.uri.fsPath);
    await write(join(folder, ".dockerignore"), "**/*.log\n");
    await write(join(folder, "app/a.js"), "x".repeat(1500));
    await write(join(folder, "app/b.log"), "x".repeat(9000));
    await eventually("hints", async () =>
      (await labels(editor)).join() === "0 B,1.50 kB,total 1.50 kB" ? true : undefined,
    );
  });

  test("the hint of FROM is the engine's size, and changes once the image is pulled", async () => {
    const socket = process.env["IMAGEWRIGHT_TEST_SOCKET"];
    assert.ok(socket, "the runner gives an engine");
    const name = `imagewright/hint-${process.pid}:1`;
    const editor = await openDockerfile(`FROM ${name}\n`);
    await eventually("an unknown base", async () => ((await labels(editor))[0] === "?" ? true : undefined));
    await loadImage(
      { socketPath: socket },
      await dockerArchive({ layers: [{ "data.bin": "x".repeat(123_456) }] }, name),
    );
    await eventually("the base's size", async () => ((await labels(editor))[0] === "123 kB" ? true : undefined));
  });
});

async function write(path: string, text: string): Promise<void> {
  await workspace.fs.writeFile(Uri.file(path), Buffer.from(text));
}

async function labels({ document }: TextEditor): Promise<readonly string[]> {
  const hints = await commands.executeCommand<InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    new Range(0, 0, document.lineCount, 0),
  );
  return hints.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")));
}
