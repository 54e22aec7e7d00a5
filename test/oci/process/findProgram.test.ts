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
  test("the first folder in the PATH that has the program wins", async () => {
    const env = { PATH: `${join(folder, "nowhere")}:${join(folder, "second")}:${join(folder, "first")}` };
    assert.equal(await findProgram("tool", { env }), join(folder, "second", "tool"));
  });
  test("relative folders and the current one are skipped in the PATH", async () => {
    const here = relative(process.cwd(), join(folder, "first"));
    for (const path of [here, `.:${here}`, `:${here}:`, ""])
      assert.equal(await findProgram("tool", { env: { PATH: path } }), undefined);
    assert.equal(await findProgram("tool", { env: {} }), undefined);
  });
  test("the usual folders are searched after the PATH", async () => {
    const search = { env: { PATH: join(folder, "first") }, usualFolders: [join(folder, "second")] };
    assert.equal(await findProgram("tool", search), join(folder, "first", "tool"));
    assert.equal(await findProgram("tool", { ...search, env: {} }), join(folder, "second", "tool"));
  });
  test("folders and non-executable files are not programs", async () => {
    for (const name of ["first", "text"]) {
      assert.equal(await findProgram(name, { env: { PATH: folder } }), undefined);
      assert.equal(await programAt(join(folder, name)), undefined);
    }
  });
  test("a setting must name a program by an absolute path", async () => {
    const path = join(folder, "first", "tool");
    assert.equal(await programAt(path), path);
    assert.equal(await programAt(relative(process.cwd(), path)), undefined);
  });
});

describe("finding a program on Windows", () => {
  const candidates = (env: Readonly<Record<string, string>>) => programCandidates("tool", { env, platform: "win32" });

  test("a Windows program has an extension that doesn't need a shell", () => {
    assert.deepEqual(candidates({ PATH: "C:\\bin", PATHEXT: ".COM;.EXE;.BAT;.CMD" }), [
      "C:\\bin\\tool.com",
      "C:\\bin\\tool.exe",
    ]);
    assert.deepEqual(candidates({ PATH: "C:\\bin", PATHEXT: ".BAT" }), ["C:\\bin\\tool.exe"]);
  });
  test("the PATH may be spelled Path on Windows", () =>
    assert.deepEqual(candidates({ Path: "C:\\bin" }), ["C:\\bin\\tool.exe"]));
  test("Windows folders without a drive are skipped, but shares aren't", () =>
    assert.deepEqual(candidates({ PATH: ".;bin;;\\bin;C:bin;\\\\host\\bin" }), ["\\\\host\\bin\\tool.exe"]));
});
