import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "../machine/command.ts";
import { guard, onInterrupt } from "../machine/lifetime.ts";
import { endProcessGroup } from "../machine/processGroup.ts";

export interface DaemonOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The time to end on its own after a request. */
  readonly graceMs?: number;
}

/** A program that runs alongside this process, in its own process group, and ends with it. */
export interface Daemon {
  readonly pid: number;
  /** The end of its output, from both streams. */
  log(): string;
  hasExited(): boolean;
  /** Ends its whole group; does nothing if it has already ended. */
  stop(): Promise<void>;
}

/**
 * The part of a daemon's output that is kept, which fits a server's start and the reason of its end many times over.
 */
const maxLogLength = 512 * 1024;

/** Starts a long-running program. Returns once the process exists; the caller has to check whether it is ready. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  options: DaemonOptions = {},
): Promise<Daemon> {
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const log = keepLog(child);
  const pid = await spawned(child, program);
  const release = guard({ processGroup: pid });
  const stop = async (): Promise<void> => {
    forget();
    await endProcessGroup(pid, options.graceMs ?? 5000);
    release();
  };
  const forget = onInterrupt(stop);
  return { pid, log, hasExited: () => child.exitCode !== null || child.signalCode !== null, stop };
}

/** Calls `isReady` until it returns a value; reports the daemon's output if it ends before, or if the time is up. */
export async function whenReady<T>(
  daemon: Daemon,
  what: string,
  timeoutMs: number,
  isReady: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await isReady();
    if (answer !== undefined) return answer;
    const why = daemon.hasExited()
      ? "ended at once"
      : Date.now() > deadline
        ? `was not ready after ${timeoutMs / 1000} s`
        : undefined;
    if (why !== undefined) {
      await daemon.stop();
      throw new Error(`${what} ${why}; the end of its log:\n${lastLines(daemon.log(), 30)}`);
    }
    await sleep(50);
  }
}

function keepLog(child: ChildProcess): () => string {
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-maxLogLength)));
  }
  return () => log;
}

async function spawned(child: ChildProcess, program: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(new Error(`cannot start ${program}: ${error.message}`)));
  });
  if (child.pid === undefined) throw new Error(`${program} has no process id`);
  return child.pid;
}
