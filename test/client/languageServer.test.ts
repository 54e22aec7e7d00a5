import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dockerfilesOf, ignoreFilesOf, servedSchemes } from "../../client/src/languageServer.ts";

const folder = (scheme: string) => ({ uri: { scheme } });

describe("the schemes that get findings and hints", () => {
  test("files, unsaved documents and remote files are served", () =>
    assert.deepEqual(servedSchemes(), ["file", "untitled", "vscode-remote"]));

  test("the scheme of a virtual workspace's folder is served, once", () =>
    assert.deepEqual(servedSchemes([folder("file"), folder("vscode-vfs"), folder("vscode-vfs")]), [
      "file",
      "untitled",
      "vscode-remote",
      "vscode-vfs",
    ]));

  test("git: is not served, since its documents show a file a second time", () =>
    assert.ok(!servedSchemes([folder("file")]).includes("git")));

  test("every filter names its schemes, so that none matches any scheme", () => {
    const filters = [...dockerfilesOf(["file", "untitled"]), ...ignoreFilesOf(["file", "untitled"])];
    assert.deepEqual(
      filters.map(({ scheme }) => scheme),
      ["file", "file", "untitled", "untitled", "file", "untitled"],
    );
  });
});
