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
  test("gives it its input and arguments, and returns its output and exit code", async () => {
    const result = await sh('cat; printf %s "$1"; exit 3', { input: "in ", args: ["$HOME; *"] });
    assert.deepEqual(textOf(result), { exitCode: 3, output: "in $HOME; *", errors: "" });
  });
  test("passes bytes through unchanged", async () => {
    const input = Buffer.from([0, 255, 10, 13, 128]);
    const result = await sh("cat", { input });
    assert.ok(result.ok && result.value.output.equals(input));
  });
  test("sets its environment and folder", async () => {
    const result = await sh('printf %s "$A $(pwd -P)"', { env: { A: "b", PATH: "/bin:/usr/bin" }, cwd: "/" });
    assert.equal(textOf(result)?.output, "b /");
  });
  test("keeps the end of its standard error, if asked to", async () => {
    const result = await sh("echo abcdef >&2", { maxErrorBytes: 4 });
    assert.equal(textOf(result)?.errors, "def\n");
  });
  test("doesn't wait for what it leaves behind with standard error alone", async () => {
    const result = await sh("sleep 30 >/dev/null & echo $!");
    assert.ok(result.ok);
    process.kill(Number(textOf(result)?.output), "SIGKILL");
  });
  test("isn't disturbed by a program that reads no input", async () =>
    assert.equal(textOf(await sh("exec 0<&-; echo done", { input: "x".repeat(1_000_000) }))?.output, "done\n"));
  test("has no exit code for a program that a signal ends", async () =>
    assert.equal(textOf(await sh("kill -9 $$"))?.exitCode, undefined));
});

describe("a program that is ended", { skip: process.platform === "win32", timeout: 20_000 }, () => {
  test("took too long", async () => {
    const result = await sh(hang("late"), { timeoutMs: 300 });
    assert.deepEqual(result, { ok: false, error: { kind: "timedOut", timeoutMs: 300 } });
    await hasEnded("late");
  });
  test("wrote too much", async () => {
    const result = await sh("exec yes", { maxOutputBytes: 1000 });
    assert.deepEqual(result, { ok: false, error: { kind: "tooMuchOutput", maxBytes: 1000 } });
  });
  test("was cancelled, and all that it started with it", async () => {
    const controller = new AbortController();
    const running = sh(hang("cancelled"), {}, controller.signal);
    await childOf("cancelled");
    controller.abort();
    await assert.rejects(running, { name: "AbortError" });
    await hasEnded("cancelled");
  });
  test("isn't started at all if it was cancelled before", async () => {
    await assert.rejects(sh(`touch "${folder}/started"`, {}, AbortSignal.abort()), { name: "AbortError" });
    await assert.rejects(readFile(join(folder, "started")), { code: "ENOENT" });
  });
});

describe("a program that can't be started", { skip: process.platform === "win32" }, () => {
  const kindOf = async (path: ProgramPath): Promise<string> => {
    const result = await runProgram({ path, args: [], timeoutMs: 5000, maxOutputBytes: 100 }, never);
    return result.ok ? "ok" : result.error.kind;
  };
  test("has vanished", async () => {
    const path = await script("gone", "#!/bin/sh\n");
    await rm(path);
    assert.equal(await kindOf(path), "notFound");
  });
  test("may not be run any more", async () => {
    const path = await script("plain", "#!/bin/sh\n");
    await chmod(path, 0o644);
    assert.equal(await kindOf(path), "refused");
  });
  test("has arguments that are too long for the system", async () => {
    const result = await sh("exit", { args: ["x".repeat(16 * 1024 * 1024)] });
    assert.equal(!result.ok && result.error.kind, "refused");
  });
});

/** Runs a script; what it is given stands after the script's own name. */
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

/** A script whose child goes on for a minute and notes its number in a file. */
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

/** Waits until the child is gone. If nobody reaps it, it is a zombie, which still answers to signal 0. */
async function hasEnded(name: string): Promise<void> {
  const pid = await childOf(name);
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat === "" || stat.split(") ")[1]?.startsWith("Z") === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
