import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** The resources that a program used from start to end. */
export interface ProcessFigures {
  readonly ms: number;
  /**
   * The maximum memory of it and its children at one time, sampled every few milliseconds; undefined except on Linux.
   */
  readonly peakBytes: number | undefined;
}

const pollMs = 4;

/** Runs a linter to its end; findings, which give exit code 1, are fine. */
export async function runMeasured(program: string, args: readonly string[], cwd: string): Promise<ProcessFigures> {
  const start = performance.now();
  const options = { cwd, maxBuffer: 512 * 1024 * 1024, timeout: 600_000 };
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], options, (error) => {
      clearInterval(timer);
      if (error && error.code !== 1) reject(error);
      else resolve({ ms: performance.now() - start, peakBytes: peak.bytes });
    });
    const peak = watchPeak(child.pid ?? 0);
    const timer = setInterval(peak.look, pollMs);
  });
}

/** Watches the memory of a process and its children. */
export function watchPeak(pid: number): { readonly bytes: number | undefined; look(): void } {
  let bytes: number | undefined;
  let isLooking = false;
  return {
    get bytes() {
      return bytes;
    },
    look() {
      if (isLooking) return;
      isLooking = true;
      void residentBytes(pid).then((now) => {
        isLooking = false;
        if (now !== undefined) bytes = Math.max(bytes ?? 0, now);
      });
    },
  };
}

/** The processes started by this one. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

/** The peak of the process, plus the current memory of its children. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const own = await statusBytes(pid, "VmHWM");
  if (own === undefined) return undefined;
  const children = await Promise.all((await childrenOf(pid)).map((child) => statusBytes(child, "VmRSS")));
  return children.reduce((sum: number, child) => sum + (child ?? 0), own);
}

async function statusBytes(pid: number, field: string): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
