import assert from "node:assert/strict";
import { suite, test } from "mocha";
import { extensions, workspace } from "vscode";

suite("extension host", () => {
  test("the extension is loaded from this checkout", () => {
    assert.ok(extensions.getExtension("imagewright.imagewright"));
  });

  test("a Dockerfile of the sample workspace opens in the language the extension serves", async () => {
    const [folder] = workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const [uri] = await workspace.findFiles("**/Dockerfile", undefined, 1);
    assert.ok(uri);
    const document = await workspace.openTextDocument(uri);
    assert.equal(document.languageId, "dockerfile");
  });
});
