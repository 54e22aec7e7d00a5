import { spawn } from "node:child_process";
import { access, constants, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import type { ShellCheckFinding } from "../fact.ts";
import { decodeOutput } from "./shellcheckOutput.ts";

/** The program's file: `setting` where given, else on the PATH. Undefined where there is none. Folders of the PATH that are relative are passed over: they may be the workspace. */
export async function findShellCheck(setting: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (setting !== "") return isAbsolute(setting) && (await isProgram(setting)) ? setting : undefined;
  const name = process.platform === "win32" ? "shellcheck.exe" : "shellcheck";
  for (const folder of [...(env["PATH"] ?? "").split(delimiter), ...usualFolders]) {
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

/** Where it is when an editor started from a desktop has a short PATH. */
const usualFolders = ["/usr/local/bin", "/opt/homebrew/bin"];

async function isProgram(path: string): Promise<boolean> {
  const isExecutable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  // It may vanish between the two looks.
  return (
    isExecutable &&
    (await stat(path).then(
      (found) => found.isFile(),
      () => false,
    ))
  );
}

/** Findings in the order of the scripts, or why there are none. */
export type ShellCheckRun = { readonly findings: readonly (readonly ShellCheckFinding[])[] } | Failure;

interface Failure {
  readonly problem: string;
  readonly isTimeout?: true;
}

/** A program and how long it may take, in milliseconds. */
export interface ShellCheckProgram {
  readonly path: string;
  readonly timeoutMs?: number;
}

/** Has one process read all scripts. Rejects where `signal` is aborted. */
export async function runShellCheck(
  program: ShellCheckProgram,
  scripts: readonly string[],
  signal: AbortSignal,
): Promise<ShellCheckRun> {
  signal.throwIfAborted();
  // One, which is what a keystroke makes, needs no disk. Several in one process take a fifth of the time.
  const [only] = scripts;
  if (only !== undefined && scripts.length === 1)
    return read(await runProcess(program, ["-"], only, signal), ["-"], scripts);
  const folder = await mkdtemp(join(tmpdir(), "imagewright-shellcheck-"));
  try {
    const names = scripts.map((_, index) => join(folder, `${index}.sh`));
    for (const [index, script] of scripts.entries())
      await writeFile(names[index] ?? "", script, { flag: "wx", signal });
    return read(await runProcess(program, names, "", signal), names, scripts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// --norc: what is checked must not depend on files that happen to lie around.
const options = ["--norc", "--format=json1", "--color=never", "--severity=style", "--wiki-link-count=0"];
// A file of some hundred lines takes well under a second; some scripts take for ever.
const defaultTimeoutMs = 10_000;
// A finding is some 300 bytes of JSON.
const maxOutputBytes = 32 * 1024 * 1024;

type ProcessRun = { readonly exitCode: number | null; readonly output: string } | Failure;

function runProcess(
  { path, timeoutMs = defaultTimeoutMs }: ShellCheckProgram,
  files: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<ProcessRun> {
  return new Promise((resolve, reject) => {
    // SHELLCHECK_OPTS could ask for another format.
    const { SHELLCHECK_OPTS: _options, ...env } = process.env;
    // A group of its own: what is called shellcheck may be a script that starts it.
    const child = spawn(path, [...options, ...files], {
      cwd: tmpdir(),
      env,
      stdio: ["pipe", "pipe", "ignore"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (run: ProcessRun): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      endGroup(child.pid);
      if (signal.aborted)
        reject(signal.reason instanceof Error ? signal.reason : new DOMException("cancelled", "AbortError"));
      else resolve(run);
    };
    const timer = setTimeout(
      () => settle({ problem: `ShellCheck took longer than ${timeoutMs / 1000} s`, isTimeout: true }),
      timeoutMs,
    );
    const abort = (): void => settle({ problem: "cancelled" });
    signal.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxOutputBytes) settle({ problem: `ShellCheck wrote more than ${maxOutputBytes} bytes` });
      else chunks.push(chunk);
    });
    child.once("error", (error) => settle({ problem: `ShellCheck could not be started (${path}): ${error.message}` }));
    child.once("close", (exitCode) => settle({ exitCode, output: Buffer.concat(chunks).toString("utf8") }));
    // It may end without reading.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function read(run: ProcessRun, names: readonly string[], scripts: readonly string[]): ShellCheckRun {
  if ("problem" in run) return run;
  const decoded = decodeOutput(run.output, new Map(names.map((name, index) => [name, scripts[index] ?? ""])));
  if (!decoded)
    return {
      problem: `ShellCheck ended with code ${run.exitCode ?? "none"} and no findings that could be read; version 0.7 or newer is needed`,
    };
  return { findings: names.map((name) => decoded.get(name) ?? []) };
}
