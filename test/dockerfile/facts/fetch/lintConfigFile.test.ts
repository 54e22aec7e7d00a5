import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findLintConfigFile } from "../../../../dockerfile/facts/fetch/lintConfigFile.ts";
import { contextFolder } from "../../../support/dockerfile/contextFolder.ts";

test("a folder named with two leading dots is in the workspace, and those above aren't searched", async () => {
  const folder = await contextFolder({ ".hadolint.yaml": "ignored: []\n", "work/..docker/Dockerfile": "" });
  try {
    const found = await findLintConfigFile(join(folder.path, "work/..docker"), join(folder.path, "work"), {
      env: {},
      homedir: join(folder.path, "nobody"),
    });
    assert.deepEqual(found, { kind: "none" });
  } finally {
    await folder.remove();
  }
});
