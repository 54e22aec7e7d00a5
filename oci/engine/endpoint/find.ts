import { failure, type OciError, type Result, success } from "../../core/error.ts";
import type { EngineConnection } from "./connection.ts";
import { configFolder, readDockerConfig, type DockerConfig } from "../../credentials/dockerConfig.ts";
import type { Machine } from "../../source/machine.ts";
import { connectionOfContext } from "./fromContext.ts";
import { connectionOf, socketConnection, type TlsChoice } from "./fromHost.ts";
import { knownSockets, probeSocket } from "./sockets.ts";

/** The source that decided which engine is used. */
export type EndpointOrigin =
  "setting" | "DOCKER_HOST" | "DOCKER_CONTEXT" | "currentContext" | "defaultSocket" | "knownSocket";

export interface Endpoint {
  readonly connection: EngineConnection;
  readonly origin: EndpointOrigin;
  /** The endpoint and its origin, for people: `unix:///run/d.sock (DOCKER_HOST)`. */
  readonly label: string;
  /** Problems that didn't change the outcome, such as an unreadable Docker configuration. */
  readonly notices: readonly string[];
}

export interface EndpointRequest {
  /**
   * From the user's settings: a host in DOCKER_HOST's form, or `context:` and a Docker context's name. Overrides
   * everything else.
   */
  readonly setting?: string;
  readonly machine: Machine;
}

/**
 * Finds the engine to use: the setting, then in the docker CLI's order DOCKER_HOST, DOCKER_CONTEXT and the current
 * context, then the default socket and those of other known engines. A named endpoint is used without checking whether
 * it responds; an unnamed socket must accept a connection. `engineUnreachable` lists everything that was tried.
 */
export async function findEndpoint(
  { setting, machine }: EndpointRequest,
  signal: AbortSignal,
): Promise<Result<Endpoint>> {
  const config = await readDockerConfig(machine);
  const named = await namedEndpoint(setting, machine, config);
  if (named === undefined) return probeSockets(machine, config, signal);
  const { connection, ...why } = named;
  return connection.ok
    ? success({ connection: dressed(connection.value, machine, config), ...why, notices: noticesOf(config) })
    : connection;
}

interface Named {
  readonly connection: Result<EngineConnection>;
  readonly origin: EndpointOrigin;
  readonly label: string;
}

async function namedEndpoint(
  setting: string | undefined,
  machine: Machine,
  config: DockerConfig,
): Promise<Named | undefined> {
  const { env } = machine;
  const host = setting?.trim() || undefined;
  if (host !== undefined) return setEndpoint(host, machine);
  const environmentHost = env["DOCKER_HOST"]?.trim() || undefined;
  if (environmentHost !== undefined)
    return named(await connectionOf(environmentHost, tlsFromEnvironment(machine)), "DOCKER_HOST", "DOCKER_HOST");
  const context = env["DOCKER_CONTEXT"] || config.currentContext;
  // "default" is the CLI's name for "no context": DOCKER_HOST, which isn't set here, or the default socket.
  if (context === undefined || context === "default") return undefined;
  const origin = env["DOCKER_CONTEXT"] ? "DOCKER_CONTEXT" : "currentContext";
  return named(await connectionOfContext(context, machine), origin, `Docker context ${context}`);
}

async function setEndpoint(setting: string, machine: Machine): Promise<Named> {
  const context = contextIn(setting);
  if (context !== undefined)
    return named(await connectionOfContext(context, machine), "setting", `Docker context ${context}`);
  return named(await connectionOf(setting, tlsFromEnvironment(machine)), "setting", "setting");
}

/** The name of the context in `context:NAME`; undefined for a host. */
export function contextIn(setting: string): string | undefined {
  return /^context:(.*)$/.exec(setting.trim())?.[1]?.trim();
}

function named(connection: Result<EngineConnection>, origin: EndpointOrigin, why: string): Named {
  return { connection, origin, label: connection.ok ? `${connection.value.endpoint} (${why})` : why };
}

/** Reads TLS settings. Any non-empty value counts, even "0" (docker/cli, cli/flags/options.go). */
function tlsFromEnvironment(machine: Machine): TlsChoice | undefined {
  const { env } = machine;
  const verifiesPeer = Boolean(env["DOCKER_TLS_VERIFY"]);
  if (!verifiesPeer && !env["DOCKER_TLS"]) return undefined;
  return { folder: env["DOCKER_CERT_PATH"] || configFolder(machine), verifiesPeer };
}

async function probeSockets(machine: Machine, config: DockerConfig, signal: AbortSignal): Promise<Result<Endpoint>> {
  const tried: string[] = [];
  const refused: string[] = [];
  for (const [index, { path, owner }] of (await knownSockets(machine)).entries()) {
    const connection = socketConnection(path);
    const state = await probeSocket(path, signal);
    tried.push(connection.endpoint);
    if (state === "refused") refused.push(connection.endpoint);
    if (state !== "listening") continue;
    const origin = index === 0 ? "defaultSocket" : "knownSocket";
    return success({
      connection: dressed(connection, machine, config),
      origin,
      label: `${connection.endpoint} (${owner})`,
      notices: noticesOf(config),
    });
  }
  const [first] = refused;
  return failure(first === undefined ? nothingAnswers(tried) : refusedAt(first));
}

/** Adds the headers and version that the docker CLI sends with every request to any engine. */
function dressed(connection: EngineConnection, { env }: Machine, { headers }: DockerConfig): EngineConnection {
  const version = /^v?(1\.\d+)$/.exec(env["DOCKER_API_VERSION"] ?? "")?.[1];
  return {
    ...connection,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(version === undefined ? {} : { apiVersion: version }),
  };
}

function noticesOf({ problem }: DockerConfig): readonly string[] {
  return problem === undefined ? [] : [`Docker's configuration is ignored: ${problem}`];
}

function nothingAnswers(tried: readonly string[]): OciError {
  return {
    kind: "engineUnreachable",
    endpoint: tried[0] ?? "",
    tried,
    message: `no container engine is responding at ${tried.join(", ")}; start Docker, or set the engine in the settings or in DOCKER_HOST`,
  };
}

/** The error for a socket that may not be opened, with the same message everywhere. */
export function refusedAt(endpoint: string): OciError {
  return {
    kind: "engineRefused",
    endpoint,
    message: `permission denied: ${endpoint}; join the "docker" group ("sudo usermod -aG docker $USER", then log in again) or run a rootless engine`,
  };
}
