import {
  spawn,
  type ChildProcess,
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
} from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ProgramPath } from "./findProgram.ts";

/** A program with its arguments. No shell reads either. */
export interface Program {
  readonly path: ProgramPath;
  readonly args: readonly string[];
  /** This process's if absent. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts a program that runs as long as the caller needs it. Ended by `endProgram`. */
export function spawnProgram(program: Program): ChildProcessWithoutNullStreams {
  return spawn(program.path, program.args, { ...spawnOptions(program), stdio: "pipe" });
}

/** Starts a program whose standard error goes nowhere, so that nothing it leaves running can keep that open. */
export function spawnWithoutErrors(program: Program): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(program.path, program.args, { ...spawnOptions(program), stdio: ["pipe", "pipe", "ignore"] });
}

/** Ends a program and, except on Windows, all that it started. Does nothing if it has already ended. */
export function endProgram({ pid }: ChildProcess, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended on its own.
  }
}

function spawnOptions({ env = process.env, cwd }: Program) {
  return {
    env,
    ...(cwd !== undefined && { cwd }),
    shell: false,
    // Its own process group, by which `endProgram` reaches what it started.
    detached: process.platform !== "win32",
    windowsHide: true,
  } as const;
}
