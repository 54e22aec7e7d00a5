// The rigs that the test runner starts for all engine tests together. A test file that is run by hand starts its own.
import { type Rig, describeEngine, startEngine } from "./engine.ts";
import { isContainerdEngineSetUp, startContainerdEngine } from "./containerdEngine.ts";
import { startPodman } from "./podman.ts";
import { type Registry, startRegistry } from "../registry/registry.ts";

/** The variables in which the runner passes its rigs to the processes of the test files. */
export const rigVariables = {
  engine: "IMAGEWRIGHT_TEST_SOCKET",
  registry: "IMAGEWRIGHT_TEST_REGISTRY",
  containerdEngine: "IMAGEWRIGHT_TEST_CONTAINERD_SOCKET",
  podman: "IMAGEWRIGHT_TEST_PODMAN_SOCKET",
} as const;

/** The engine for tests. Call its `stop` in `after`; it doesn't stop the runner's. */
export async function sharedEngine(): Promise<Rig> {
  const socketPath = process.env[rigVariables.engine];
  return socketPath ? handedOver(socketPath) : startEngine();
}

/**
 * The engine with containerd's store, if it is set up (node test/rig/engines/containerdEngine.ts sets it up); undefined
 * means a skip.
 */
export async function sharedContainerdEngine(): Promise<Rig | undefined> {
  const socketPath = process.env[rigVariables.containerdEngine];
  if (socketPath) return handedOver(socketPath);
  return (await isContainerdEngineSetUp()) ? startContainerdEngine() : undefined;
}

/**
 * Podman for tests; undefined, which means a skip, if the runner couldn't start it and has reported why. Call its
 * `stop` in `after`; it doesn't stop the runner's.
 */
export async function sharedPodman(): Promise<Rig | undefined> {
  const socketPath = process.env[rigVariables.podman];
  if (socketPath) return handedOver(socketPath);
  return process.env[rigVariables.engine] ? undefined : startPodman();
}

/**
 * A separate Podman for the caller, for changes that other tests must not see; undefined as in {@link sharedPodman}.
 */
export async function ownPodman(): Promise<Rig | undefined> {
  const isGivenUp = process.env[rigVariables.engine] && !process.env[rigVariables.podman];
  return isGivenUp ? undefined : startPodman();
}

/** The registry for tests. Call its `stop` in `after`; it doesn't stop the runner's. */
export async function sharedRegistry(): Promise<Registry> {
  const host = process.env[rigVariables.registry];
  return host ? { host, stop: () => Promise.resolve() } : startRegistry();
}

async function handedOver(socketPath: string): Promise<Rig> {
  return {
    host: `unix://${socketPath}`,
    socketPath,
    ...(await describeEngine(socketPath)),
    stop: () => Promise.resolve(),
  };
}
