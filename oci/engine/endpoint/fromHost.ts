import { join } from "node:path";
import { failure, type Result, success } from "../../core/error.ts";
import type { EngineConnection, EngineTls } from "./connection.ts";
import { readSmallFile } from "../../credentials/dockerConfig.ts";
import { sshConnectionOf } from "./fromSsh.ts";

/**
 * The folder of the TLS files and whether the peer is verified, from the docker CLI's DOCKER_TLS and DOCKER_TLS_VERIFY
 * or a context's settings.
 */
export interface TlsChoice {
  readonly folder: string;
  readonly verifiesPeer: boolean;
}

/**
 * Makes a connection from a host in the form of DOCKER_HOST, `docker -H` and contexts. `tls` applies to tcp only. Fails
 * as `unsupported` for fd:// and for text that isn't a host. The message never repeats a user or password.
 */
export async function connectionOf(written: string, tls?: TlsChoice): Promise<Result<EngineConnection>> {
  const host = written.trim();
  const socketPath = /^(?:unix:\/\/)?(\/[^\0]*)$/.exec(host)?.[1] ?? pipePath(host);
  if (socketPath !== undefined) return success(socketConnection(socketPath));
  if (host.startsWith("ssh://")) return sshConnectionOf(host);
  // The docker CLI treats a host without a scheme as tcp.
  const [, scheme, rest] = /^(tcp|https?):\/\/(.+)$/.exec(host.includes("://") ? host : `tcp://${host}`) ?? [];
  const url = plainUrl(rest ?? "");
  if (url === undefined) return failure(notAHost(host));
  return networkConnection(url, scheme === "https" ? (tls ?? "systemCertificates") : tls);
}

/** Makes a connection over a Unix socket or a named pipe. */
export function socketConnection(socketPath: string): EngineConnection {
  const scheme = /^[\\/]{2}[.?][\\/]pipe/.test(socketPath) ? "npipe" : "unix";
  return { endpoint: `${scheme}://${socketPath.replaceAll("\\", "/")}`, protocol: "http", socketPath };
}

function pipePath(host: string): string | undefined {
  const path = /^npipe:\/\/(.+)$/.exec(host)?.[1]?.replaceAll("\\", "/");
  return path === undefined
    ? undefined
    : path.startsWith("//")
      ? path
      : `//./pipe/${path.replace(/^\/*(\.\/pipe\/)?/, "")}`;
}

/**
 * Parses a host and port, and nothing else: a user, a path or a query would be silently ignored. Parsed as tcp://
 * because URL drops the port 80 of http://.
 */
function plainUrl(text: string): URL | undefined {
  const url = URL.canParse(`tcp://${text}`) ? new URL(`tcp://${text}`) : undefined;
  return url !== undefined && url.hostname !== "" && url.href.replace(/\/$/, "") === `tcp://${url.host}`
    ? url
    : undefined;
}

/** Docker's default ports; 2376 is for TLS. @see https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option */
const plainPort = 2375;
const tlsPort = 2376;

async function networkConnection(
  url: URL,
  tls: TlsChoice | "systemCertificates" | undefined,
): Promise<Result<EngineConnection>> {
  const port = url.port === "" ? (tls === undefined ? plainPort : tlsPort) : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const endpoint = `tcp://${url.hostname}:${port}`;
  if (tls === undefined) return success({ endpoint, protocol: "http", host, port });
  const material = tls === "systemCertificates" ? success<EngineTls>({ verifiesPeer: true }) : await tlsMaterial(tls);
  return material.ok ? success({ endpoint, protocol: "https", host, port, tls: material.value }) : material;
}

/** Reads the TLS files. Missing ones are left out, as in the CLI: a server may not require a client certificate. */
async function tlsMaterial({ folder, verifiesPeer }: TlsChoice): Promise<Result<EngineTls>> {
  const material: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const file = await readSmallFile(join(folder, `${part}.pem`));
    if (file.state === "unreadable") {
      return failure({
        kind: "unsupported",
        what: `TLS files in ${folder}`,
        message: `${file.reason}; make the engine's certificates readable`,
      });
    }
    if (file.state === "read") material[part] = file.text;
  }
  return success({ ...material, verifiesPeer });
}

function notAHost(host: string): { kind: "unsupported"; what: string; message: string } {
  const shown = host.replace(/^(\w+:\/\/)?.*@/s, "$1…@").slice(0, 200);
  return {
    kind: "unsupported",
    what: `engine host "${shown}"`,
    message: `"${shown}" is not an engine host; write unix:///path/docker.sock, npipe:////./pipe/docker_engine, tcp://host:port or ssh://user@host`,
  };
}
