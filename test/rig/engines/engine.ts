// The Docker Engine the tests use. By hand: node test/rig/engines/engine.ts
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Daemon, startDaemon, whenReady } from "./daemon.ts";
import { askEngine, callEngine } from "./engineApi.ts";
import { temporaryDiskFolder, temporaryFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { findProgram, MissingRig, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** How the engine keeps images: layers unpacked by a graph driver, or blobs in containerd's store, or as Podman does. Of an external engine it is unknown. */
export type EngineKind = "graphdriver" | "containerd" | "podman" | "external";

/** A Docker Engine that answers. */
export interface Rig {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly socketPath: string;
  readonly kind: EngineKind;
  readonly apiVersion: string;
  /** Ends it with all its containers and removes its data; leaves an external one alone. */
  stop(): Promise<void>;
}

/** The engine that the environment names, else a new, empty one with no network but the host's, which nothing else uses. */
export async function startEngine(): Promise<Rig> {
  const external = externalHost();
  return external === undefined ? startOwnEngine() : useEngine(external);
}

/** Without a word of the environment, what this process may start or not is the machine's: a daemon wants root. */
export function engineObstacle(): string | undefined {
  if (externalHost() !== undefined) return undefined;
  if (process.platform !== "linux")
    return `dockerd runs on Linux only, this is ${process.platform}; set IMAGEWRIGHT_TEST_DOCKER_HOST=unix:///… to use a running engine`;
  if (process.getuid?.() !== 0)
    return "dockerd wants root; run as root, or set IMAGEWRIGHT_TEST_DOCKER_HOST=unix:///… to use a running engine";
  return undefined;
}

/** Describes an engine that answers at a socket. */
export async function describeEngine(socketPath: string): Promise<{ apiVersion: string; kind: EngineKind }> {
  const version = JSON.parse((await askEngine(socketPath, { path: "/version" })).toString("utf8")) as {
    ApiVersion: string;
    Components?: { Name: string }[];
  };
  if (version.Components?.some(({ Name }) => Name === "Podman Engine"))
    return { apiVersion: version.ApiVersion, kind: "podman" };
  const info = JSON.parse((await askEngine(socketPath, { path: "/info" })).toString("utf8")) as {
    DriverStatus?: [string, string][];
  };
  const isContainerd = info.DriverStatus?.some(
    ([key, value]) => key === "driver-type" && value.startsWith("io.containerd.snapshotter"),
  );
  return { apiVersion: version.ApiVersion, kind: isContainerd === true ? "containerd" : "graphdriver" };
}

/** Waits for a daemon of ours to answer `_ping`, and makes a rig of it. */
export async function rigOf(
  daemon: Daemon,
  { name, socketPath }: { readonly name: string; readonly socketPath: string },
  clear: () => Promise<void>,
): Promise<Rig> {
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await clear();
  };
  try {
    await whenReady(daemon, name, 60_000, async () => ((await pings(socketPath)) ? true : undefined));
    return { host: `unix://${socketPath}`, socketPath, ...(await describeEngine(socketPath)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Kills the daemon's namespace with it: no container, containerd or mount of it can stay behind. */
export const inOwnNamespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"] as const;

/** Time dockerd gets to end its containers and itself. */
export const dockerdGraceMs = 15_000;

async function startOwnEngine(): Promise<Rig> {
  const obstacle = engineObstacle();
  if (obstacle !== undefined) throw new MissingRig(obstacle);
  await needPrograms([systemPrograms.dockerd, systemPrograms.unshare]);
  const dockerd = (await findProgram("dockerd")) ?? "dockerd";
  const run = await temporaryFolder("engine");
  const data = await temporaryDiskFolder("engine");
  const socketPath = join(run.path, "docker.sock");
  // An empty one: the machine's /etc/docker/daemon.json is about another engine.
  const config = join(run.path, "daemon.json");
  await writeFile(config, "{}");
  const daemon = await startDaemon(
    "unshare",
    [
      ...inOwnNamespaces,
      dockerd,
      "--data-root",
      data.path,
      "--exec-root",
      join(run.path, "exec"),
      "--pidfile",
      join(run.path, "pid"),
      "--config-file",
      config,
      "--host",
      `unix://${socketPath}`,
      // A bridge would be the machine's, shared with every other engine on it; containers use the host's network.
      "--bridge",
      "none",
      "--iptables=false",
      "--shutdown-timeout",
      "2",
      // A containerd of the system, where one runs, would be shared too; names of our own keep out of its way.
      "--containerd-namespace",
      `imagewright-${process.pid}`,
      "--containerd-plugins-namespace",
      `imagewright-plugins-${process.pid}`,
    ],
    { graceMs: dockerdGraceMs },
  );
  return rigOf(daemon, { name: "dockerd", socketPath }, async () => {
    await run.remove();
    await data.remove();
  });
}

function externalHost(): string | undefined {
  const { IMAGEWRIGHT_TEST_DOCKER_HOST, IMAGEWRIGHT_TEST_ENGINE, DOCKER_HOST } = process.env;
  if (IMAGEWRIGHT_TEST_DOCKER_HOST) return IMAGEWRIGHT_TEST_DOCKER_HOST;
  return IMAGEWRIGHT_TEST_ENGINE === "external" ? DOCKER_HOST || "unix:///var/run/docker.sock" : undefined;
}

async function useEngine(host: string): Promise<Rig> {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (socketPath === undefined) throw new Error(`the tests reach an engine by its socket; "${host}" is not unix:///…`);
  if (!existsSync(socketPath))
    throw new Error(`no engine at ${host}: there is no such socket; start it, or unset IMAGEWRIGHT_TEST_DOCKER_HOST`);
  const { apiVersion } = await describeEngine(socketPath);
  return { host, socketPath, kind: "external", apiVersion, stop: () => Promise.resolve() };
}

async function pings(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return false;
  return callEngine(socketPath, { path: "/_ping", timeoutMs: 2000 }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

if (import.meta.main) {
  const rig = await startEngine();
  console.log(`DOCKER_HOST=${rig.host}`);
  console.log(`${rig.kind} engine, API ${rig.apiVersion}; Ctrl-C ends it and removes its data`);
  await stayUntilInterrupted();
}
