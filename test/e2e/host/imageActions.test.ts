import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { suite, test } from "mocha";
import { commands, env, extensions, window } from "vscode";
import { describeGit } from "../../../client/src/actions/gitDescription.ts";
import type { ImageNode } from "../../../client/src/images/node.ts";
import { askEngine } from "../../rig/engines/engineApi.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { eventually, openDockerfile } from "./editor.ts";

suite("actions on images in the extension host", () => {
  test("every command of the manifest is registered", async () => {
    await extensions.getExtension("imagewright.imagewright")?.activate();
    const manifest = extensions.getExtension("imagewright.imagewright")?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await commands.getCommands(true));
    assert.deepEqual(
      manifest.contributes.commands.map(({ command }) => command).filter((id) => !known.has(id)),
      [],
    );
  });

  test("a row's image is pulled again and inspected, and its names are copied", async () => {
    const { row, name } = await pushedRow("again");
    // The command waits until its message is closed, so it isn't awaited.
    void commands.executeCommand("imagewright.image.pullAgain", row, [row]);
    const found = await eventually("the image", () => inspect(name));
    const node: ImageNode = { ...row, summary: { ...row.summary, id: found.Id, repoDigests: found.RepoDigests } };
    await commands.executeCommand("imagewright.image.inspect", node, [node]);
    assert.equal((JSON.parse(window.activeTextEditor?.document.getText() ?? "") as { tags: string[] }).tags[0], name);
    assert.equal(await copied("imagewright.copy.reference", node), name);
    assert.equal(await copied("imagewright.copy.nameAndDigest", node), found.RepoDigests[0]);
    await commands.executeCommand("workbench.action.closeActiveEditor");
  });

  test("VS Code's own extension reports Git changes of a file", async () => {
    await extensions.getExtension("vscode.git")?.activate();
    const { document } = await openDockerfile("FROM scratch\n");
    const folder = join(document.uri.fsPath, "..");
    const git = async (...args: readonly string[]): Promise<string> =>
      (
        await promisify(execFile)("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args])
      ).stdout.trim();
    for (const args of [
      ["init", "-b", "main"],
      ["add", "."],
      ["commit", "-m", "first"],
      ["tag", "v1.2.3"],
    ])
      await git(...args);
    await commands.executeCommand("git.openRepository", folder);
    const commit = await git("rev-parse", "HEAD");
    assert.deepEqual(await eventually("the commit", describeGit), {
      commit,
      branch: "main",
      tags: ["v1.2.3"],
      isDirty: false,
    });
    await writeFile(document.uri.fsPath, "FROM scratch\nENV A=1\n");
    await eventually("the change", async () => {
      await commands.executeCommand("git.refresh");
      return (await describeGit())?.isDirty === true ? true : undefined;
    });
  });
});

/** An image in the registry, as a row that an engine would show for it. */
async function pushedRow(repository: string): Promise<{ row: ImageNode; name: string }> {
  const host = process.env["IMAGEWRIGHT_TEST_REGISTRY"];
  assert.ok(host, "the runner gives a registry");
  const content = await imageContent({ layers: [{ a: repository }] });
  await pushImage({ host }, { repository, tag: "1" }, content);
  const name = `${host}/${repository}:1`;
  return {
    name,
    row: {
      kind: "image",
      id: "engine/x",
      sourceId: "engine",
      sourceKind: "engine",
      summary: { id: content.root.digest, tags: [name], repoDigests: [] },
    },
  };
}

async function inspect(name: string): Promise<{ Id: string; RepoDigests: string[] } | undefined> {
  const socketPath = process.env["IMAGEWRIGHT_TEST_SOCKET"] ?? "";
  return askEngine(socketPath, { path: `/images/${name}/json` }).then(
    (body) => JSON.parse(body.toString("utf8")) as { Id: string; RepoDigests: string[] },
    () => undefined,
  );
}

async function copied(command: string, node: ImageNode): Promise<string> {
  await commands.executeCommand(command, node, [node]);
  return env.clipboard.readText();
}
