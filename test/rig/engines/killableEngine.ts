import { rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDiskFolder, temporaryFolder } from "../machine/folders.ts";
import { findProgram, needPrograms, systemPrograms } from "../machine/systemPackages.ts";
import { startDaemon, type Daemon } from "./daemon.ts";
import { dockerdGraceMs, dockerdOptions, inOwnNamespaces, rigOf, socketIn, type Rig } from "./engine.ts";

/** An engine that a test may kill and start again. Its socket and its images stay the same. */
export interface KillableEngine extends Rig {
  /** Ends the engine at once, as a crash would. */
  kill(): void;
  /** Starts it again after it was killed. */
  restart(): Promise<void>;
}

/**
 * Starts an engine for one test file; undefined if this process isn't root on Linux. With `diskMb` its images are on a
 * disk of that size, which is lost with the engine.
 */
export async function startKillableEngine({ diskMb }: { readonly diskMb?: number } = {}): Promise<
  KillableEngine | undefined
> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  await needPrograms([systemPrograms.dockerd, systemPrograms.unshare]);
  const dockerd = (await findProgram("dockerd")) ?? "dockerd";
  const run = await temporaryFolder("killable");
  const data = await temporaryDiskFolder("killable");
  const options = await dockerdOptions({ run: run.path, data: data.path });
  const mount = diskMb === undefined ? "" : `mount -t tmpfs -o size=${diskMb}m tmpfs "$DATA" && `;
  const start = (): Promise<Daemon> =>
    startDaemon("unshare", [...inOwnNamespaces, "sh", "-c", `${mount}exec "$@"`, "sh", dockerd, ...options], {
      graceMs: dockerdGraceMs,
      env: { ...process.env, DATA: data.path },
    });
  const ready = (daemon: Daemon): Promise<Rig> =>
    rigOf(daemon, { name: "dockerd", socketPath: socketIn(run.path) }, () => Promise.resolve());
  let daemon = await start();
  const rig = await ready(daemon);
  return {
    ...rig,
    kill: () => void process.kill(-daemon.pid, "SIGKILL"),
    restart: async () => {
      await daemon.stop();
      // The process IDs of its namespace begin again, so that the old pid files would name the new processes.
      for (const name of ["pid", "exec"]) await rm(join(run.path, name), { recursive: true, force: true });
      daemon = await start();
      await ready(daemon);
    },
    stop: async () => {
      await daemon.stop();
      await run.remove();
      await data.remove();
    },
  };
}
