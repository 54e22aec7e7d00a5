import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { workbenches } from "../rig/vscode/workbench.ts";

const root = join(import.meta.dirname, "../..");

async function manifestOf(folder: string): Promise<{ readonly version: string; readonly engines: { vscode: string } }> {
  return JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")) as Awaited<
    ReturnType<typeof manifestOf>
  >;
}

/** `1.103` of `^1.103.0`, as numbers. */
function minor(version: string): number {
  return Number(/^\^?\d+\.(\d+)\./.exec(version)?.[1]);
}

describe("the oldest VS Code that the manifest allows", async () => {
  const { engines } = await manifestOf("");

  test("it is the one that tests can run in", () =>
    assert.equal(engines.vscode, `^1.${minor(workbenches.oldest.version)}.0`));

  test("it has the API that the sources are compiled against", async () => {
    const { version } = await manifestOf("node_modules/@types/vscode");
    assert.ok(minor(version) <= minor(engines.vscode), `@types/vscode ${version} describes a newer VS Code`);
  });
});
