import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dockerfilesOf, ignoreFilesOf, servedSchemes } from "../../client/src/languageServer.ts";

const folder = (scheme: string) => ({ uri: { scheme } });

describe("the schemes that get findings and hints", () => {
  test("are those of files, of unsaved documents and of remote files", () =>
    assert.deepEqual(servedSchemes(), ["file", "untitled", "vscode-remote"]));

  test("include that of a virtual workspace's folder, once", () =>
    assert.deepEqual(servedSchemes([folder("file"), folder("vscode-vfs"), folder("vscode-vfs")]), [
      "file",
      "untitled",
      "vscode-remote",
      "vscode-vfs",
    ]));

  test("exclude git:, whose documents show a file a second time", () =>
    assert.ok(!servedSchemes([folder("file")]).includes("git")));

  test("are named in every filter, so no filter matches any scheme", () => {
    const filters = [...dockerfilesOf(["file", "untitled"]), ...ignoreFilesOf(["file", "untitled"])];
    assert.deepEqual(
      filters.map(({ scheme }) => scheme),
      ["file", "file", "untitled", "untitled", "file", "untitled"],
    );
  });
});
