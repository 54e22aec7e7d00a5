// The Docker Engine for the tests. By hand: node test/rig/engines/engine.ts
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Daemon, startDaemon, whenReady } from "./daemon.ts";
import { askEngine, callEngine } from "./engineApi.ts";
import { temporaryDiskFolder, temporaryFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { findProgram, MissingRig, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/**
 * The way the engine stores images: layers unpacked by a graph driver, blobs in containerd's store, or Podman's way.
 * Unknown for an external engine.
 */
export type EngineKind = "graphdriver" | "containerd" | "podman" | "external";

/** A Docker Engine that responds. */
export interface Rig {
  /** The value for DOCKER_HOST. */
  readonly host: string;
  readonly socketPath: string;
  readonly kind: EngineKind;
  readonly apiVersion: string;
  /** Ends it with all its containers and removes its data, unless it is external. */
  stop(): Promise<void>;
}

/**
 * Starts the engine that the environment names, else a new, empty and exclusive one without a network except the
 * host's.
 */
export async function startEngine(): Promise<Rig> {
  const external = externalHost();
  return external === undefined ? startOwnEngine() : useEngine(external);
}

/** The reason why this process can't start an engine, unless the environment names one: a daemon requires root. */
export function engineObstacle(): string | undefined {
  if (externalHost() !== undefined) return undefined;
  if (process.platform !== "linux")
    return `dockerd runs on Linux only, this is ${process.platform}; set IMAGEWRIGHT_TEST_DOCKER_HOST=unix:///… to use a running engine`;
  if (process.getuid?.() !== 0)
    return "dockerd wants root; run as root, or set IMAGEWRIGHT_TEST_DOCKER_HOST=unix:///… to use a running engine";
  return undefined;
}

/** Describes an engine that responds on a socket. */
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

/** Waits until our daemon responds to `_ping`, and creates a rig for it. */
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

/** Kills the daemon's namespace with it, which leaves no container, containerd or mount. */
export const inOwnNamespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"] as const;

/** The time for dockerd to end its containers and itself. */
export const dockerdGraceMs = 15_000;

async function startOwnEngine(): Promise<Rig> {
  const obstacle = engineObstacle();
  if (obstacle !== undefined) throw new MissingRig(obstacle);
  await needPrograms([systemPrograms.dockerd, systemPrograms.unshare]);
  const dockerd = (await findProgram("dockerd")) ?? "dockerd";
  const run = await temporaryFolder("engine");
  const data = await temporaryDiskFolder("engine");
  const daemon = await startDaemon(
    "unshare",
    [...inOwnNamespaces, dockerd, ...(await dockerdOptions({ run: run.path, data: data.path }))],
    { graceMs: dockerdGraceMs },
  );
  return rigOf(daemon, { name: "dockerd", socketPath: socketIn(run.path) }, async () => {
    await run.remove();
    await data.remove();
  });
}

/** The socket of an engine with this run folder. */
export function socketIn(run: string): string {
  return join(run, "docker.sock");
}

/** Options of an engine that shares nothing with others: its socket and state in one folder, its images in another. */
export async function dockerdOptions({
  run,
  data,
}: {
  readonly run: string;
  readonly data: string;
}): Promise<readonly string[]> {
  // An empty config: the machine's /etc/docker/daemon.json is for another engine.
  const config = join(run, "daemon.json");
  await writeFile(config, "{}");
  return [
    "--data-root",
    data,
    "--exec-root",
    join(run, "exec"),
    "--pidfile",
    join(run, "pid"),
    "--config-file",
    config,
    "--host",
    `unix://${socketIn(run)}`,
    // A bridge would be shared with every other engine on the machine; containers use the host's network.
    "--bridge",
    "none",
    "--iptables=false",
    "--shutdown-timeout",
    "2",
    // A running system containerd would be shared too; our own namespaces avoid conflicts.
    "--containerd-namespace",
    `imagewright-${process.pid}`,
    "--containerd-plugins-namespace",
    `imagewright-plugins-${process.pid}`,
  ];
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
