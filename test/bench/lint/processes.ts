import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** The resources that a program used from start to end. */
export interface ProcessFigures {
  readonly ms: number;
  /** The processor time of it and its children, in steps of 10 ms; undefined except on Linux. */
  readonly cpuMs: number | undefined;
  /**
   * The maximum memory of it and its children at one time, sampled every few milliseconds; undefined except on Linux.
   */
  readonly peakBytes: number | undefined;
}

const pollMs = 4;

/**
 * Runs a linter to its end; findings, which give exit code 1, are fine. Run one at a time: the time of all children counts.
 */
export async function runMeasured(program: string, args: readonly string[], cwd: string): Promise<ProcessFigures> {
  const cpuStart = await cpuMsOfChildren();
  const start = performance.now();
  const { ms, peakBytes } = await new Promise<Omit<ProcessFigures, "cpuMs">>((resolve, reject) => {
    const options = { cwd, maxBuffer: 512 * 1024 * 1024, timeout: 600_000 };
    const child = execFile(program, [...args], options, (error) => {
      clearInterval(timer);
      if (error && error.code !== 1) reject(error);
      else resolve({ ms: performance.now() - start, peakBytes: peak.bytes });
    });
    const peak = watchPeak(child.pid ?? 0);
    const timer = setInterval(peak.look, pollMs);
  });
  const cpuEnd = await cpuMsOfChildren();
  return { ms, peakBytes, cpuMs: cpuStart === undefined || cpuEnd === undefined ? undefined : cpuEnd - cpuStart };
}

/** The processor's time of all children that have ended, in steps of 10 ms. @see proc(5), cutime and cstime */
async function cpuMsOfChildren(): Promise<number | undefined> {
  const text = await readFile("/proc/self/stat", "utf8").catch(() => "");
  // The second field is a name in parentheses, which may contain spaces.
  const [user, system] = text
    .slice(text.lastIndexOf(")") + 1)
    .split(" ")
    .slice(14, 16);
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) * 10;
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
