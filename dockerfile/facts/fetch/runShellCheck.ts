import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, programAt, type ProgramPath } from "../../../oci/process/findProgram.ts";
import type { ProgramFailure, ProgramResult } from "../../../oci/process/runProgram.ts";
import type { ShellCheckFinding } from "../fact.ts";
import { decodeOutput } from "./shellcheckOutput.ts";

/** Finds the program: at the path in the setting, or on the PATH if that is empty. */
export function findShellCheck(setting: string, env: NodeJS.ProcessEnv): Promise<ProgramPath | undefined> {
  return setting === "" ? findProgram("shellcheck", { env, usualFolders }) : programAt(setting);
}

/** Locations to try when an editor started from a desktop has a short PATH. */
const usualFolders = ["/usr/local/bin", "/opt/homebrew/bin"];

/** Findings in the order of the scripts, or the reason why there aren't any. */
export type ShellCheckRun = { readonly findings: readonly (readonly ShellCheckFinding[])[] } | Failure;

interface Failure {
  readonly problem: string;
  readonly isTimeout?: true;
}

/** A program and its time limit in milliseconds. */
export interface ShellCheckProgram {
  readonly path: ProgramPath;
  readonly timeoutMs?: number;
}

/** Checks all scripts in one process. Rejects if `signal` is aborted. */
export async function runShellCheck(
  program: ShellCheckProgram,
  scripts: readonly string[],
  signal: AbortSignal,
): Promise<ShellCheckRun> {
  signal.throwIfAborted();
  // A single script, which is the case while typing, needs no files. Several in one process take a fifth of the time.
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

// --norc: the result must not depend on stray configuration files.
const options = ["--norc", "--format=json1", "--color=never", "--severity=style", "--wiki-link-count=0"];
// A file of some hundred lines takes well under a second; some scripts never finish.
const defaultTimeoutMs = 10_000;
// A finding takes some 300 bytes of JSON.
const maxOutputBytes = 32 * 1024 * 1024;

async function runFiles(
  { path, timeoutMs = defaultTimeoutMs }: ShellCheckProgram,
  files: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<ProgramResult> {
  // SHELLCHECK_OPTS could request another format.
  const { SHELLCHECK_OPTS: _options, ...env } = process.env;
  const args = [...options, ...files];
  // Loaded late: most files are linted without starting a process.
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

/** The findings of each script, keyed by the file name that ShellCheck saw. */
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
