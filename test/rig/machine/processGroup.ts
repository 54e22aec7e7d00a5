import { setTimeout as sleep } from "node:timers/promises";

/** Asks a process group to end, and ends it when it has not done so in time. Resolves when no process of it is left. */
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

/** True if there was a process to receive it. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
