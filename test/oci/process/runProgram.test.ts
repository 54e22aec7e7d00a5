import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { programAt, type ProgramPath } from "../../../oci/process/findProgram.ts";
import { runProgram, type ProgramResult, type ProgramRun } from "../../../oci/process/runProgram.ts";

const never = new AbortController().signal;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "iw-run-"));
});
after(() => rm(folder, { recursive: true }));

describe("running a program", { skip: process.platform === "win32", timeout: 20_000 }, () => {
  test("a program gets its input and arguments, and its output and exit code are returned", async () => {
    const result = await sh('cat; printf %s "$1"; exit 3', { input: "in ", args: ["$HOME; *"] });
    assert.deepEqual(textOf(result), { exitCode: 3, output: "in $HOME; *", errors: "" });
  });
  test("bytes pass through a program unchanged", async () => {
    const input = Buffer.from([0, 255, 10, 13, 128]);
    const result = await sh("cat", { input });
    assert.ok(result.ok && result.value.output.equals(input));
  });
  test("a program runs with its environment and folder", async () => {
    const result = await sh('printf %s "$A $(pwd -P)"', { env: { A: "b", PATH: "/bin:/usr/bin" }, cwd: "/" });
    assert.equal(textOf(result)?.output, "b /");
  });
  test("the end of a program's standard error is kept on request", async () => {
    const result = await sh("echo abcdef >&2", { maxErrorBytes: 4 });
    assert.equal(textOf(result)?.errors, "def\n");
  });
  test("a child that only holds standard error doesn't delay the result", async () => {
    const result = await sh("sleep 30 >/dev/null & echo $!");
    assert.ok(result.ok);
    process.kill(Number(textOf(result)?.output), "SIGKILL");
  });
  test("a program that doesn't read its input is no problem", async () =>
    assert.equal(textOf(await sh("exec 0<&-; echo done", { input: "x".repeat(1_000_000) }))?.output, "done\n"));
  test("a program ended by a signal has no exit code", async () =>
    assert.equal(textOf(await sh("kill -9 $$"))?.exitCode, undefined));
});

describe("killing a program", { skip: process.platform === "win32", timeout: 20_000 }, () => {
  test("a program that takes too long is killed", async () => {
    const result = await sh(hang("late"), { timeoutMs: 300 });
    assert.deepEqual(result, { ok: false, error: { kind: "timedOut", timeoutMs: 300 } });
    await hasEnded("late");
  });
  test("a program that writes too much is killed", async () => {
    const result = await sh("exec yes", { maxOutputBytes: 1000 });
    assert.deepEqual(result, { ok: false, error: { kind: "tooMuchOutput", maxBytes: 1000 } });
  });
  test("a cancelled program is killed with all its children", async () => {
    const controller = new AbortController();
    const running = sh(hang("cancelled"), {}, controller.signal);
    await childOf("cancelled");
    controller.abort();
    await assert.rejects(running, { name: "AbortError" });
    await hasEnded("cancelled");
  });
  test("a program is not started if it was cancelled before", async () => {
    await assert.rejects(sh(`touch "${folder}/started"`, {}, AbortSignal.abort()), { name: "AbortError" });
    await assert.rejects(readFile(join(folder, "started")), { code: "ENOENT" });
  });
});

describe("programs that can't be started", { skip: process.platform === "win32" }, () => {
  const kindOf = async (path: ProgramPath): Promise<string> => {
    const result = await runProgram({ path, args: [], timeoutMs: 5000, maxOutputBytes: 100 }, never);
    return result.ok ? "ok" : result.error.kind;
  };
  test("a program that has vanished is not found", async () => {
    const path = await script("gone", "#!/bin/sh\n");
    await rm(path);
    assert.equal(await kindOf(path), "notFound");
  });
  test("a program that may no longer be run is refused", async () => {
    const path = await script("plain", "#!/bin/sh\n");
    await chmod(path, 0o644);
    assert.equal(await kindOf(path), "refused");
  });
  test("a program with arguments that are too long for the system is refused", async () => {
    const result = await sh("exit", { args: ["x".repeat(16 * 1024 * 1024)] });
    assert.equal(!result.ok && result.error.kind, "refused");
  });
});

/** Runs a script; its arguments follow the script's own name. */
async function sh(
  body: string,
  { args = [], ...options }: Partial<ProgramRun> = {},
  signal: AbortSignal = never,
): Promise<ProgramResult> {
  const path = await programAt("/bin/sh");
  assert.ok(path);
  const limits = { timeoutMs: 10_000, maxOutputBytes: 64 * 1024 * 1024 };
  return runProgram({ ...limits, ...options, path, args: ["-c", body, "sh", ...args] }, signal);
}

async function script(name: string, text: string): Promise<ProgramPath> {
  await writeFile(join(folder, name), text, { mode: 0o755 });
  const path = await programAt(join(folder, name));
  assert.ok(path);
  return path;
}

function textOf(result: ProgramResult) {
  if (!result.ok) return undefined;
  const { exitCode, output, errors } = result.value;
  return { exitCode, output: output.toString(), errors: errors.toString() };
}

/** A script whose child runs for a minute and writes its process ID to a file. */
function hang(name: string): string {
  return `sleep 60 & echo $! > "${folder}/${name}"; wait`;
}

async function childOf(name: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(join(folder, name), "utf8").catch(() => ""));
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until the child is gone. A zombie that isn't reaped still accepts signal 0. */
async function hasEnded(name: string): Promise<void> {
  const pid = await childOf(name);
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat === "" || stat.split(") ")[1]?.startsWith("Z") === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
