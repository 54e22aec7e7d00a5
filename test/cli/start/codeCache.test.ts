import assert from "node:assert/strict";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { decodeCodeFile, encodeCodeFile } from "../../../cli/src/start/codeFile.ts";

const run = promisify(execFile);
const source = join(import.meta.dirname, "../../../cli/src/start/codeCache.ts");

interface Place {
  readonly caches: string;
  readonly scripts: string;
}

/** Loads a script with the code that earlier runs kept, calls it, and keeps the code. Returns what it printed. */
async function runProgram({ caches, scripts }: Place, version: string, script = "answer.js"): Promise<string> {
  const options = {
    machine: { env: { XDG_CACHE_HOME: caches }, homedir: "/", platform: "linux" },
    ...{ version, scripts, command: "lint" },
  };
  const program = `
    const { keepCompiledCode } = await import(${JSON.stringify(source)});
    const { createRequire } = await import("node:module");
    const code = await keepCompiledCode(${JSON.stringify(options)});
    console.log(createRequire(${JSON.stringify(join(scripts, "main.js"))})("./${script}").answer());
    await code.store();`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { timeout: 60_000 });
  return stdout.trim();
}

async function emptyCaches(t: TestContext): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "imagewright-code-")));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const place = { caches: join(folder, "caches"), scripts: join(folder, "scripts") };
  await Promise.all(Object.values(place).map((path) => mkdir(path)));
  const script = 'exports.answer = () => "forty-two"; exports.unused = () => "never called";';
  await writeScript(place, "answer.js", script);
  await writeScript(place, "other.js", 'exports.answer = () => require("./answer.js").answer();');
  await writeFile(join(place.scripts, "package.json"), '{"type":"commonjs"}');
  return place;
}

const writeScript = ({ scripts }: Place, name: string, text: string) => writeFile(join(scripts, name), text);

async function codeFileOf({ caches }: Place, version = "1.0.0"): Promise<string> {
  const folder = join(caches, "imagewright/code", version);
  const [name = "", ...others] = await readdir(folder);
  assert.deepEqual(others, []);
  return join(folder, name);
}

async function keptScripts(place: Place): Promise<readonly string[]> {
  const file = decodeCodeFile(await readFile(await codeFileOf(place)));
  return [...(file?.code.keys() ?? [])].sort();
}

describe("the code cache", { skip: process.platform === "win32" }, () => {
  test("code is kept once, for every script that was loaded, and with functions that were called", async (t) => {
    const place = await emptyCaches(t);
    assert.equal(await runProgram(place, "1.0.0"), "forty-two");
    const path = await codeFileOf(place);
    const { ino } = await stat(path);
    assert.deepEqual(await keptScripts(place), ["answer.js"]);
    const code = await readFile(path);
    assert.deepEqual([code.includes("forty-two"), code.includes("never called")], [true, false]);
    assert.equal(await runProgram(place, "1.0.0"), "forty-two");
    assert.equal((await stat(path)).ino, ino, "code that was all known is written again");
    assert.equal(await runProgram(place, "1.0.0", "other.js"), "forty-two");
    assert.deepEqual(await keptScripts(place), ["answer.js", "other.js"]);
  });

  test("code of scripts that no longer exist is dropped", async (t) => {
    const place = await emptyCaches(t);
    await runProgram(place, "1.0.0", "other.js");
    await rm(join(place.scripts, "other.js"));
    await writeScript(place, "third.js", 'exports.answer = () => "forty-three";');
    assert.equal(await runProgram(place, "1.0.0", "third.js"), "forty-three");
    assert.deepEqual(await keptScripts(place), ["answer.js", "third.js"]);
  });

  test("a script is loaded once, whoever asks for it", async (t) => {
    const place = await emptyCaches(t);
    await writeScript(place, "counted.js", "globalThis.loads = (globalThis.loads ?? 0) + 1;");
    const script = 'require("./counted.js"); require("./again.js"); exports.answer = () => String(globalThis.loads);';
    await writeScript(place, "twice.js", script);
    const again = 'require("./twice.js"); require("node:module").createRequire(__filename)("./counted.js");';
    await writeScript(place, "again.js", again);
    assert.equal(await runProgram(place, "1.0.0", "twice.js"), "1");
  });

  test("code that is a day old is written again, with what was called since", async (t) => {
    const place = await emptyCaches(t);
    await runProgram(place, "1.0.0");
    const path = await codeFileOf(place);
    const kept = decodeCodeFile(await readFile(path));
    assert.ok(kept);
    const writtenMs = kept.writtenMs - 25 * 3_600_000;
    await writeFile(path, encodeCodeFile({ ...kept, writtenMs }));
    await runProgram(place, "1.0.0");
    assert.ok((decodeCodeFile(await readFile(path))?.writtenMs ?? 0) > writtenMs);
  });

  test("a script that has changed runs as it is now", async (t) => {
    const place = await emptyCaches(t);
    await runProgram(place, "1.0.0");
    await writeScript(place, "answer.js", 'exports.answer = () => "another answer";');
    assert.equal(await runProgram(place, "1.0.0"), "another answer");
    assert.equal(await runProgram(place, "1.0.0"), "another answer");
  });

  test("code of one version only is kept", async (t) => {
    const place = await emptyCaches(t);
    await runProgram(place, "1.0.0");
    await runProgram(place, "1.1.0");
    assert.deepEqual(await readdir(join(place.caches, "imagewright/code")), ["1.1.0"]);
  });

  test("a code file that is cut off is ignored and replaced", async (t) => {
    const place = await emptyCaches(t);
    await runProgram(place, "1.0.0");
    const path = await codeFileOf(place);
    const { size } = await stat(path);
    await truncate(path, size - 10);
    assert.equal(await runProgram(place, "1.0.0"), "forty-two");
    assert.ok((await stat(path)).size > size - 10);
  });

  test("a folder that others can write is neither read nor written", async (t) => {
    const place = await emptyCaches(t);
    const folder = join(place.caches, "imagewright/code/1.0.0");
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    assert.equal(await runProgram(place, "1.0.0"), "forty-two");
    assert.deepEqual(await readdir(folder), []);
  });

  test("a program runs without a cache where none can be made", async (t) => {
    const place = await emptyCaches(t);
    await symlink("/dev/null", join(place.caches, "imagewright"));
    assert.equal(await runProgram(place, "1.0.0"), "forty-two");
    assert.deepEqual(await readdir(place.caches), ["imagewright"]);
  });
});

describe("the form of a code file", () => {
  const code = new Map([
    ["a.js", Buffer.from("code of a")],
    ["b.js", Buffer.alloc(0)],
  ]);
  const bytes = Buffer.from(encodeCodeFile({ writtenMs: 7, code }));

  test("a code file is decoded to what was encoded", () => {
    const file = decodeCodeFile(bytes);
    assert.equal(file?.writtenMs, 7);
    assert.deepEqual(
      [...file.code].map(([name, it]) => [name, Buffer.from(it).toString()]),
      [
        ["a.js", "code of a"],
        ["b.js", ""],
      ],
    );
  });

  test("a code file is refused if anything is missing or added", () => {
    for (let length = 0; length < bytes.length; length++)
      assert.equal(decodeCodeFile(bytes.subarray(0, length)), undefined, `${length} bytes`);
    assert.equal(decodeCodeFile(Buffer.concat([bytes, Buffer.from("x")])), undefined);
  });

  test("a code file is refused if its index has another form", () => {
    const withIndex = (index: unknown): Buffer => {
      const text = Buffer.from(JSON.stringify(index));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return Buffer.concat([length, text]);
    };
    assert.ok(decodeCodeFile(withIndex({ writtenMs: 1, lengths: [] })));
    for (const lengths of [undefined, {}, [["a", -1]], [["a", 0.5]], [[1, 0]], [["a"]], [null]])
      assert.equal(decodeCodeFile(withIndex({ writtenMs: 1, lengths })), undefined);
    assert.equal(decodeCodeFile(withIndex({ lengths: [] })), undefined);
    assert.equal(decodeCodeFile(withIndex(null)), undefined);
  });
});
