import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { Machine } from "../../source/machine.ts";

/** A default socket of an engine, and its owner. */
export interface KnownSocket {
  readonly path: string;
  readonly owner: string;
}

/**
 * Returns the docker CLI's default first, then those of other installations.
 * @see the owners' documentation; Colima and Lima have one per profile
 */
export async function knownSockets(machine: Machine): Promise<readonly KnownSocket[]> {
  if (machine.platform === "win32") return windowsPipes;
  const { env, homedir, uid } = machine;
  const runtime = env["XDG_RUNTIME_DIR"] || (uid === undefined ? undefined : `/run/user/${uid}`);
  const colima = env["COLIMA_HOME"] || join(homedir, ".colima");
  const home = (owner: string, ...parts: readonly string[]): KnownSocket => ({ path: join(homedir, ...parts), owner });
  const run = (owner: string, ...parts: readonly string[]): readonly KnownSocket[] =>
    runtime === undefined ? [] : [{ path: join(runtime, ...parts), owner }];
  return [
    { path: "/var/run/docker.sock", owner: "Docker Engine" },
    ...run("rootless Docker Engine", "docker.sock"),
    home("Docker Desktop", ".docker", "run", "docker.sock"),
    home("Docker Desktop", ".docker", "desktop", "docker.sock"),
    ...(await profiles(colima, "docker.sock", "Colima")),
    home("OrbStack", ".orbstack", "run", "docker.sock"),
    home("Rancher Desktop", ".rd", "docker.sock"),
    ...(await profiles(join(homedir, ".lima"), join("sock", "docker.sock"), "Lima")),
    ...run("Podman", "podman", "podman.sock"),
    { path: "/run/podman/podman.sock", owner: "Podman" },
    home("Podman", ".local", "share", "containers", "podman", "machine", "podman.sock"),
  ];
}

const windowsPipes: readonly KnownSocket[] = [
  { path: "//./pipe/docker_engine", owner: "Docker Engine" },
  { path: "//./pipe/dockerDesktopLinuxEngine", owner: "Docker Desktop" },
  { path: "//./pipe/dockerDesktopWindowsEngine", owner: "Docker Desktop" },
  { path: "//./pipe/podman-machine-default", owner: "Podman" },
];

/** The number of profiles checked for a virtual machine manager; people have one or two. */
const maxProfiles = 8;

async function profiles(folder: string, socket: string, owner: string): Promise<readonly KnownSocket[]> {
  const names = await readdir(folder).catch(() => []);
  // "default" comes first: the manager starts it if no name is given.
  const sorted = names
    .filter((name) => !name.startsWith("_"))
    .sort((a, b) => Number(b === "default") - Number(a === "default") || a.localeCompare(b));
  return sorted
    .slice(0, maxProfiles)
    .map((name) => ({ path: join(folder, name, socket), owner: `${owner} (${name})` }));
}

export type SocketState = "listening" | "refused" | "absent";

/** A local socket accepts at once or not at all. */
const probeTimeoutMs = 1000;

/** Connects and disconnects: a socket file may be left over from an engine that has stopped. */
export async function probeSocket(path: string, signal: AbortSignal): Promise<SocketState> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const settle = (state: SocketState): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(state);
    };
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError"));
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.setTimeout(probeTimeoutMs, () => settle("absent"));
    socket.once("connect", () => settle("listening"));
    socket.once("error", (error) =>
      settle("code" in error && (error.code === "EACCES" || error.code === "EPERM") ? "refused" : "absent"),
    );
  });
}
