import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { findLintConfigFile, rememberConfigDisk } from "../../../../dockerfile/facts/fetch/lintConfigFile.ts";
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

test("a run reads each configuration once, however many folders are below it", async () => {
  const folder = await contextFolder({ ".hadolint.yaml": "ignored: []\n", "a/Dockerfile": "", "b/Dockerfile": "" });
  const places = { env: {}, homedir: join(folder.path, "nobody") };
  const disk = rememberConfigDisk();
  try {
    const first = await findLintConfigFile(join(folder.path, "a"), folder.path, places, disk);
    await rm(join(folder.path, ".hadolint.yaml"));
    assert.equal(first.kind, "file");
    assert.deepEqual(await findLintConfigFile(join(folder.path, "b"), folder.path, places, disk), first);
    assert.deepEqual(await findLintConfigFile(join(folder.path, "b"), folder.path, places), { kind: "none" });
  } finally {
    await folder.remove();
  }
});
