import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, programAt, type ProgramPath } from "../../../oci/process/findProgram.ts";
import type { ProgramFailure, ProgramResult } from "../../../oci/process/runProgram.ts";
import type { ShellCheckFinding } from "../fact.ts";
import { decodeOutput } from "./shellcheckOutput.ts";

/** Finds the program: at the path that the setting names, or if that is empty on the PATH. */
export function findShellCheck(setting: string, env: NodeJS.ProcessEnv): Promise<ProgramPath | undefined> {
  return setting === "" ? findProgram("shellcheck", { env, usualFolders }) : programAt(setting);
}

/** Where it is when an editor started from a desktop has a short PATH. */
const usualFolders = ["/usr/local/bin", "/opt/homebrew/bin"];

/** Findings in the order of the scripts, or why there are none. */
export type ShellCheckRun = { readonly findings: readonly (readonly ShellCheckFinding[])[] } | Failure;

interface Failure {
  readonly problem: string;
  readonly isTimeout?: true;
}

/** A program and how long it may take, in milliseconds. */
export interface ShellCheckProgram {
  readonly path: ProgramPath;
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
    return findingsOf(program, await runFiles(program, ["-"], only, signal), new Map([["-", only]]));
  const folder = await mkdtemp(join(tmpdir(), "imagewright-shellcheck-"));
  try {
    const files = new Map(scripts.map((script, index) => [join(folder, `${index}.sh`), script]));
    for (const [file, script] of files) await writeFile(file, script, { flag: "wx", signal });
    return findingsOf(program, await runFiles(program, [...files.keys()], "", signal), files);
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

async function runFiles(
  { path, timeoutMs = defaultTimeoutMs }: ShellCheckProgram,
  files: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<ProgramResult> {
  // SHELLCHECK_OPTS could ask for another format.
  const { SHELLCHECK_OPTS: _options, ...env } = process.env;
  const args = [...options, ...files];
  // Loaded late: most files are linted without a process.
  const { runProgram } = await import("../../../oci/process/runProgram.ts");
  return runProgram({ path, args, cwd: tmpdir(), env, input, timeoutMs, maxOutputBytes }, signal);
}

function failureOf(failure: ProgramFailure, path: string): Failure {
  switch (failure.kind) {
    case "timedOut":
      return { problem: `ShellCheck took longer than ${failure.timeoutMs / 1000} s`, isTimeout: true };
    case "tooMuchOutput":
      return { problem: `ShellCheck wrote more than ${failure.maxBytes} bytes` };
    case "notFound":
    case "refused":
      return { problem: `ShellCheck could not be started (${path}): ${failure.message}` };
    default:
      return failure satisfies never;
  }
}

/** The findings of each script, by the name of the file in which ShellCheck read it. */
function findingsOf(
  { path }: ShellCheckProgram,
  run: ProgramResult,
  files: ReadonlyMap<string, string>,
): ShellCheckRun {
  if (!run.ok) return failureOf(run.error, path);
  const { exitCode, output } = run.value;
  const decoded = decodeOutput(output.toString("utf8"), files);
  if (!decoded)
    return {
      problem: `ShellCheck ended with code ${exitCode ?? "none"} and no findings that could be read; version 0.7 or newer is needed`,
    };
  return { findings: [...files.keys()].map((name) => decoded.get(name) ?? []) };
}
