// Everything that a rig starts must end with the process that started it, in whatever way that ends. An interrupt
// (Ctrl-C, SIGTERM) runs every rig's own stop. After a kill or crash, the guardian takes over: a process that waits for
// its standard input to close, and then ends the registered groups and removes the registered folders.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A resource that must not outlive this process: a process group (by its leader's pid), or a folder. */
export type Belonging = { readonly processGroup: number } | { readonly folder: string };

/** Registers a resource with the guardian; the returned function unregisters it after a proper cleanup. */
export function guard(belonging: Belonging): () => void {
  const id = (state.lastId += 1);
  const stdin = guardianInput();
  stdin.write(`${JSON.stringify({ id, ...belonging })}\n`);
  return () => void stdin.write(`${JSON.stringify({ id, gone: true })}\n`);
}

/** Runs `stop` when the process is interrupted, last registered first; the returned function unregisters it. */
export function onInterrupt(stop: () => Promise<void>): () => void {
  if (!state.listening) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void interrupted());
    // If withNode.mjs started this process, there is a channel to it; the channel alone doesn't keep the process alive.
    process.on("disconnect", () => void interrupted());
    process.channel?.unref();
    state.listening = true;
  }
  state.stops.add(stop);
  return () => void state.stops.delete(stop);
}

/** Keeps a rig that was started by hand until Ctrl-C, which stops it and ends the process. */
export async function stayUntilInterrupted(): Promise<never> {
  onInterrupt(() => Promise.resolve());
  // A pending promise alone doesn't keep Node alive; a timer does.
  return new Promise<never>(() => void setInterval(() => undefined, 60_000));
}

/** The time limit for all stops together, before the guardian takes over. */
const maxStopMs = 30_000;

/**
 * One Ctrl-C arrives twice below npm, from the terminal and from npm; a second press later than this is intentional and
 * ends the process immediately.
 */
const samePressMs = 1000;

/**
 * The only exception to "no state at module level": signals and the guardian belong to the process, not to a caller.
 */
const state = {
  lastId: 0,
  listening: false,
  interruptedAtMs: undefined as number | undefined,
  stops: new Set<() => Promise<void>>(),
  guardian: undefined as NodeJS.WritableStream | undefined,
};

async function interrupted(): Promise<void> {
  if (state.interruptedAtMs !== undefined) {
    if (Date.now() - state.interruptedAtMs > samePressMs) process.exit(130);
    return;
  }
  state.interruptedAtMs = Date.now();
  const limit = setTimeout(() => process.exit(130), maxStopMs);
  for (const stop of [...state.stops].reverse()) {
    await stop().catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`));
  }
  clearTimeout(limit);
  process.exit(130);
}

function guardianInput(): NodeJS.WritableStream {
  if (state.guardian) return state.guardian;
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve("./guardian.ts"))], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
  });
  child.unref();
  // The pipe is a separate handle; it is unreferenced too, otherwise it would keep every test process alive.
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  child.stdin.on("error", () => undefined); // A dead guardian is unreachable; the rigs' own stops remain.
  return (state.guardian = child.stdin);
}
