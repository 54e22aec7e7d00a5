import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import nodeModule from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { execFile } from "node:child_process";

const run = promisify(execFile);
const source = join(import.meta.dirname, "../../../cli/src/codeCache.ts");

/** Runs a program that keeps its code under `caches`, then loads a module. */
async function runProgram(caches: string, version: string): Promise<void> {
  const program = `
    const { keepCompiledCode } = await import(${JSON.stringify(source)});
    await keepCompiledCode({ env: { XDG_CACHE_HOME: ${JSON.stringify(caches)} }, homedir: "/", platform: "linux" }, "${version}");
    await import(${JSON.stringify(join(caches, "module.mjs"))});`;
  await run(process.execPath, ["--input-type=module", "--eval", program], { timeout: 60_000 });
}

async function emptyCaches(t: TestContext): Promise<string> {
  const caches = await mkdtemp(join(tmpdir(), "imagewright-code-"));
  t.after(() => rm(caches, { recursive: true, force: true }));
  await writeFile(join(caches, "module.mjs"), "export const answer = () => 42;\n");
  return caches;
}

const kept = (folder: string): Promise<readonly string[]> => readdir(folder, { recursive: true });
const skip = !("enableCompileCache" in nodeModule) || process.platform === "win32";

describe("the code cache", { skip }, () => {
  test("keeps code, and of one version only", async (t) => {
    const caches = await emptyCaches(t);
    await runProgram(caches, "1.0.0");
    const folder = join(caches, "imagewright/code");
    assert.ok((await kept(join(folder, "1.0.0"))).length > 1);
    await runProgram(caches, "1.1.0");
    assert.deepEqual(await readdir(folder), ["1.1.0"]);
  });

  test("neither reads nor writes a folder that others can write", async (t) => {
    const caches = await emptyCaches(t);
    const folder = join(caches, "imagewright/code/1.0.0");
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    await runProgram(caches, "1.0.0");
    assert.deepEqual(await kept(folder), []);
  });

  test("a cache that can't be made is done without", async (t) => {
    const caches = await emptyCaches(t);
    await symlink("/dev/null", join(caches, "imagewright"));
    await runProgram(caches, "1.0.0");
    assert.deepEqual((await readdir(caches)).sort(), ["imagewright", "module.mjs"]);
  });
});
