import {
  spawn,
  type ChildProcess,
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
} from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ProgramPath } from "./findProgram.ts";

/** A program with its arguments. They never go through a shell. */
export interface Program {
  readonly path: ProgramPath;
  readonly args: readonly string[];
  /** Defaults to this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts a program that runs until the caller ends it with `endProgram`. */
export function spawnProgram(program: Program): ChildProcessWithoutNullStreams {
  return spawn(program.path, program.args, { ...spawnOptions(program), stdio: "pipe" });
}

/** Starts a program whose standard error is discarded, so that processes it leaves running can't keep it open. */
export function spawnWithoutErrors(program: Program): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(program.path, program.args, { ...spawnOptions(program), stdio: ["pipe", "pipe", "ignore"] });
}

/** Ends a program and, except on Windows, all its children. Does nothing if it has already ended. */
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
    // Its own process group, through which `endProgram` reaches its children.
    detached: process.platform !== "win32",
    windowsHide: true,
  } as const;
}
