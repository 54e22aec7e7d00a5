import { setTimeout as sleep } from "node:timers/promises";

/** Requests a process group to end, and kills it after the time limit. Resolves when none of its processes is left. */
export async function endProcessGroup(leader: number, graceMs: number): Promise<void> {
  if (!signalGroup(leader, "SIGTERM")) return;
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (!signalGroup(leader, 0)) return;
    await sleep(50);
  }
  signalGroup(leader, "SIGKILL");
  for (let tries = 0; tries < 100 && signalGroup(leader, 0); tries += 1) await sleep(50);
}

/** True if a process received it. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
