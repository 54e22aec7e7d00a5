import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { findProgram, programAt, programCandidates } from "../../../oci/process/findProgram.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "iw-programs-"));
  for (const name of ["first", "second"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "tool"), "");
    await chmod(join(folder, name, "tool"), 0o755);
  }
  await writeFile(join(folder, "text"), "");
});
after(() => rm(folder, { recursive: true }));

describe("finding a program", { skip: process.platform === "win32" }, () => {
  test("the first folder of the PATH that has it wins", async () => {
    const env = { PATH: `${join(folder, "nowhere")}:${join(folder, "second")}:${join(folder, "first")}` };
    assert.equal(await findProgram("tool", { env }), join(folder, "second", "tool"));
  });
  test("relative folders and the current one are skipped", async () => {
    const here = relative(process.cwd(), join(folder, "first"));
    for (const path of [here, `.:${here}`, `:${here}:`, ""])
      assert.equal(await findProgram("tool", { env: { PATH: path } }), undefined);
    assert.equal(await findProgram("tool", { env: {} }), undefined);
  });
  test("usual folders come after the PATH", async () => {
    const search = { env: { PATH: join(folder, "first") }, usualFolders: [join(folder, "second")] };
    assert.equal(await findProgram("tool", search), join(folder, "first", "tool"));
    assert.equal(await findProgram("tool", { ...search, env: {} }), join(folder, "second", "tool"));
  });
  test("folders and files without the right to be run are no programs", async () => {
    for (const name of ["first", "text"]) {
      assert.equal(await findProgram(name, { env: { PATH: folder } }), undefined);
      assert.equal(await programAt(join(folder, name)), undefined);
    }
  });
  test("a setting names a program by an absolute path only", async () => {
    const path = join(folder, "first", "tool");
    assert.equal(await programAt(path), path);
    assert.equal(await programAt(relative(process.cwd(), path)), undefined);
  });
});

describe("on Windows", () => {
  const candidates = (env: Readonly<Record<string, string>>) => programCandidates("tool", { env, platform: "win32" });

  test("a program has an extension that needs no shell", () => {
    assert.deepEqual(candidates({ PATH: "C:\\bin", PATHEXT: ".COM;.EXE;.BAT;.CMD" }), [
      "C:\\bin\\tool.com",
      "C:\\bin\\tool.exe",
    ]);
    assert.deepEqual(candidates({ PATH: "C:\\bin", PATHEXT: ".BAT" }), ["C:\\bin\\tool.exe"]);
  });
  test("the PATH may be written Path", () => assert.deepEqual(candidates({ Path: "C:\\bin" }), ["C:\\bin\\tool.exe"]));
  test("folders without a drive are skipped, shares are not", () =>
    assert.deepEqual(candidates({ PATH: ".;bin;;\\bin;C:bin;\\\\host\\bin" }), ["\\\\host\\bin\\tool.exe"]));
});
