import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findLintConfigFile } from "../../../dockerfile/facts/fetch/lintConfigFile.ts";

const folder = mkdtempSync(join(tmpdir(), "imagewright-config-"));
after(() => rmSync(folder, { recursive: true }));
const places = { env: {}, homedir: join(folder, "nobody") };

function workspaceWith(name: string, target: string): string {
  const workspace = join(folder, name);
  mkdirSync(workspace);
  symlinkSync(target, join(workspace, ".hadolint.yaml"));
  return workspace;
}

test(
  "a configuration that is a link to an endless file of /proc is refused",
  {
    skip: process.platform !== "linux",
  },
  async () => {
    const workspace = workspaceWith("endless", "/proc/self/pagemap");
    const found = await findLintConfigFile(workspace, workspace, places);
    assert.equal(found.kind, "unreadable");
  },
);

test(
  "in an untrusted workspace, a configuration that links outside is refused",
  { skip: process.platform === "win32" },
  async () => {
    writeFileSync(join(folder, "outside.yaml"), "ignored: [DL3008]\n");
    const workspace = workspaceWith("linked", "../outside.yaml");
    assert.equal((await findLintConfigFile(workspace, workspace, places)).kind, "file");
    const kept = await findLintConfigFile(workspace, workspace, { ...places, keepsInside: true });
    assert.match(kept.kind === "unreadable" ? kept.reason : kept.kind, /a link that leads out/);
  },
);
