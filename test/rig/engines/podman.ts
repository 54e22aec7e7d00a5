// Podman with its Docker API. By hand: node test/rig/engines/podman.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startDaemon } from "./daemon.ts";
import { engineObstacle, inOwnNamespaces, type Rig, rigOf } from "./engine.ts";
import { temporaryDiskFolder, temporaryFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { MissingRig, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** Starts the distribution's Podman as our own engine: empty, and not shared with the machine's. Root on Linux only. */
export async function startPodman(): Promise<Rig> {
  const obstacle = engineObstacle();
  if (obstacle !== undefined) throw new MissingRig(obstacle);
  await needPrograms([systemPrograms.podman, systemPrograms.unshare]);
  const run = await temporaryFolder("podman");
  const data = await temporaryDiskFolder("podman");
  const socketPath = join(run.path, "podman.sock");
  const env = { ...process.env, ...(await configure(run.path, data.path)) };
  const daemon = await startDaemon(
    "unshare",
    [
      ...inOwnNamespaces,
      "podman",
      "--tmpdir",
      join(run.path, "tmp"),
      "system",
      "service",
      "--time=0",
      `unix://${socketPath}`,
    ],
    { env },
  );
  return rigOf(daemon, { name: "podman", socketPath }, async () => {
    await run.remove();
    await data.remove();
  });
}

/**
 * Writes its complete configuration, because the machine's is for another Podman. Returns the variables that name it.
 */
async function configure(run: string, data: string): Promise<Record<string, string>> {
  const files = {
    // Locks in shared memory, the default, would be shared with every Podman on the machine.
    CONTAINERS_CONF: [
      "containers.conf",
      '[engine]\nlock_type = "file"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
    ],
    CONTAINERS_STORAGE_CONF: [
      "storage.conf",
      `[storage]\ndriver = "overlay"\nrunroot = "${join(run, "run")}"\ngraphroot = "${join(data, "storage")}"\n`,
    ],
    // The tests' registry uses plain HTTP, which engines accept on loopback by default.
    CONTAINERS_REGISTRIES_CONF: ["registries.conf", '[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n'],
  } as const;
  const named = Object.entries(files).map(async ([variable, [name, text]]) => {
    const path = join(run, name);
    await writeFile(path, text);
    return [variable, path] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}

if (import.meta.main) {
  const rig = await startPodman();
  console.log(`DOCKER_HOST=${rig.host}`);
  console.log(`Podman, API ${rig.apiVersion}; Ctrl-C ends it and removes its data`);
  await stayUntilInterrupted();
}
