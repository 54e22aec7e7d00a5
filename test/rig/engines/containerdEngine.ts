// A newer Docker, with containerd's image store, from Debian sid in a folder, or from trixie: an older one of 26.1. By
// hand: node test/rig/engines/containerdEngine.ts [trixie]
import { copyFile, glob, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached, isCached } from "../machine/cache.ts";
import { startDaemon } from "./daemon.ts";
import { debootstrap } from "./debootstrap.ts";
import { dockerdGraceMs, engineObstacle, inOwnNamespaces, type Rig, rigOf } from "./engine.ts";
import { temporaryDiskFolder, temporaryFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { MissingRig, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** The suites whose Docker has containerd's store, each with the name of its folder in the cache. */
const cacheNames = { sid: "sid-docker-2", trixie: "trixie-docker-1" } as const;

/** A suite of Debian: sid has Docker 28, trixie 26. */
export type ContainerdSuite = keyof typeof cacheNames;

/** The run folders of {@link startContainerdEngine} inside the chroot: mount points, created during setup. */
export const chrootFolders = { run: "/run/imagewright", data: "/var/lib/imagewright" } as const;

/** True if the engine can start immediately. */
export async function isContainerdEngineSetUp(suite: ContainerdSuite = "sid"): Promise<boolean> {
  return isCached(cacheNames[suite]);
}

/** Creates the chroot, once per machine; returns its folder. */
async function setUpContainerdEngine(suite: ContainerdSuite): Promise<string> {
  return cached({
    name: cacheNames[suite],
    announce: `Setting up Docker with containerd's image store, from Debian ${suite}`,
    make: (folder) => makeChroot(suite, folder),
  });
}

/**
 * The command line prefix that starts a program of the chroot with the chroot's libraries, but outside of it, with
 * access to this machine's sockets and folders.
 */
export async function chrootProgram(path: string): Promise<readonly string[]> {
  const root = await setUpContainerdEngine("sid");
  for await (const loader of glob(join(root, "usr/lib/*-linux-gnu*/ld-linux*")))
    return [loader, "--library-path", dirname(loader), join(root, path)];
  throw new Error(`${root} has no program loader`);
}

/** Starts the engine as {@link startEngine} does its own, setting it up if necessary. Root on Linux only. */
export async function startContainerdEngine(suite: ContainerdSuite = "sid"): Promise<Rig> {
  const obstacle = engineObstacle();
  if (obstacle !== undefined) throw new MissingRig(obstacle);
  await needPrograms([systemPrograms.unshare]);
  const chroot = await setUpContainerdEngine(suite);
  const run = await temporaryFolder("containerd");
  const data = await temporaryDiskFolder("containerd");
  await writeFile(join(run.path, "daemon.json"), JSON.stringify({ features: { "containerd-snapshotter": true } }));
  for (const name of ["resolv.conf", "hosts"]) await copyFile(join("/etc", name), join(run.path, name));
  const launcher = fileURLToPath(import.meta.resolve("./chrootDockerd.ts"));
  const daemon = await startDaemon(
    "unshare",
    [...inOwnNamespaces, process.execPath, launcher, chroot, run.path, data.path],
    { graceMs: dockerdGraceMs },
  );
  return rigOf(daemon, { name: "dockerd", socketPath: join(run.path, "docker.sock") }, async () => {
    await run.remove();
    await data.remove();
  });
}

// What each suite's Docker and the tests need.
const packages: Readonly<Record<ContainerdSuite, readonly string[]>> = {
  sid: ["docker.io", "docker-cli", "docker-buildx", "crane", "ca-certificates", "iptables"],
  trixie: ["docker.io", "docker-cli", "ca-certificates", "iptables"],
};

async function makeChroot(suite: ContainerdSuite, folder: string): Promise<void> {
  await debootstrap({ suite, include: packages[suite] }, folder);
  for (const path of Object.values(chrootFolders)) await mkdir(join(folder, path), { recursive: true });
  for (const name of ["resolv.conf", "hosts"]) await writeFile(join(folder, "etc", name), "");
}

if (import.meta.main) {
  const rig = await startContainerdEngine(process.argv[2] === "trixie" ? "trixie" : "sid");
  console.log(`DOCKER_HOST=${rig.host}`);
  console.log(`${rig.kind} engine, API ${rig.apiVersion}; Ctrl-C ends it and removes its data`);
  await stayUntilInterrupted();
}
