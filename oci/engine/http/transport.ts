import http from "node:http";
import type https from "node:https";
import { pipeline, Readable } from "node:stream";
import type Docker from "dockerode";
import type { EngineConnection } from "../endpoint/connection.ts";
import { createEngineAgent } from "./agent.ts";

/** Query parameters; lists are repeated, other objects go as JSON, as the Engine API wants filters and platforms. */
export type EngineQuery = Readonly<Record<string, string | number | object>>;

export interface TransportRequest {
  /** GET where absent. */
  readonly method?: DialOptions["method"];
  /** Without version and query; `/images/json`. */
  readonly path: string;
  readonly query?: EngineQuery;
  /** Absent for an unversioned request. */
  readonly apiVersion?: string;
  /** Base64url JSON of a registry login, sent as `X-Registry-Auth`. */
  readonly registryAuth?: string;
  /** Of a POST: an object goes as JSON, a stream as a tar in chunks; the stream is destroyed when the request ends before it. */
  readonly body?: object | Readable;
}

/** Sends requests to an engine. The answer's body is not read yet; any status is an answer. Rejects with what the socket says. */
export type EngineTransport = (request: TransportRequest, signal: AbortSignal) => Promise<http.IncomingMessage>;

/** The parts of docker-modem that are used. */
interface Modem {
  dial(options: DialOptions, callback: (error: Error | null, answer: http.IncomingMessage) => void): void;
  buildRequest(options: https.RequestOptions, context: DialOptions, data: unknown, callback: Callback): void;
}

interface DialOptions {
  readonly path: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly options: { readonly _query: EngineQuery; readonly _body: object };
  /** Sends an empty object as a body too. */
  readonly allowEmpty: boolean;
  readonly file?: Readable;
  readonly authconfig?: { readonly base64: string };
  readonly abortSignal: AbortSignal;
}

/** Opens no connection yet. */
export function createEngineTransport(connection: EngineConnection): EngineTransport {
  let modem: Promise<Modem> | undefined;
  return async (request, signal) => dial(await (modem ??= createModem(connection)), request, signal);
}

/** dockerode is loaded here, at the first request: it takes long to load, and finding an engine needs none of it. */
async function createModem(connection: EngineConnection): Promise<Modem> {
  const { default: Dockerode } = await import("dockerode");
  const { headers } = connection;
  const options = { ...fixedOptions, ...(headers && { headers }) } as Docker.DockerOptions;
  const modem = withoutEnvironment(() => new Dockerode(options).modem as unknown as Modem);
  const agent = createEngineAgent(connection);
  const where = addressOf(connection);
  // docker-modem follows redirects without the socket and throws outside of any handler where a Location is odd
  // (5.0.7, lib/http.js), and it reads bodies without a bound. So it builds the request, and this sends it.
  // Not by http.request, which VS Code has replaced: its own gives other agents for a proxy, without their certificates and ssh.
  const open = (options: https.RequestOptions): http.ClientRequest =>
    new http.ClientRequest({ ...options, ...where, protocol: `${connection.protocol}:`, agent });
  modem.buildRequest = (options, _context, data, callback) => sendRequest(() => open(options), data, callback);
  return modem;
}

/** Behind ssh the agent knows the way, and the name is only that of the `Host` header. */
function addressOf({ socketPath, host, port, ssh }: EngineConnection): {
  readonly socketPath?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
} {
  if (ssh !== undefined) return { host: "localhost", port: undefined, socketPath: undefined };
  return socketPath === undefined ? { host, port, socketPath: undefined } : { socketPath };
}

type Callback = (error: Error | null, answer?: http.IncomingMessage) => void;

function sendRequest(open: () => http.ClientRequest, body: unknown, callback: Callback): void {
  let request: http.ClientRequest;
  try {
    request = open();
  } catch (error) {
    // Certificates that can't be read are found out here; docker-modem calls from within a promise that nobody holds.
    return callback(error instanceof Error ? error : new Error(String(error)));
  }
  const isStream = body instanceof Readable;
  let hasAnswer = false;
  request.once("response", (answer) => {
    hasAnswer = true;
    callback(null, answer);
  });
  // Not once: an engine that answers before it has read a stream closes the connection on the rest of it.
  request.on("error", (error: NodeJS.ErrnoException) => {
    // Mostly an idle connection that the engine closed meanwhile. Whether the request reached it is not known, so no order is sent twice.
    if (request.reusedSocket && error.code === "ECONNRESET" && !hasAnswer && request.method === "GET")
      sendRequest(open, body, callback);
    else callback(error);
  });
  if (isStream) pipeline(body, request, () => undefined);
  else request.end(body);
}

/** The connection decides where a request goes; docker-modem only needs something that is no host, whose parts it would parse. */
const fixedOptions = {
  socketPath: "by-connection",
  host: undefined,
  port: undefined,
  protocol: "http",
  version: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
};

function dial(
  modem: Modem,
  { method = "GET", path, query = {}, apiVersion, registryAuth, body }: TransportRequest,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const hasQuery = Object.keys(query).length > 0;
  const isStream = body instanceof Readable;
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `${apiVersion === undefined ? "" : `/v${apiVersion}`}${path}${hasQuery ? "?" : ""}`,
        method,
        abortSignal: signal,
        options: { _query: query, _body: isStream ? {} : (body ?? {}) },
        allowEmpty: body !== undefined,
        ...(isStream && { file: body }),
        ...(registryAuth !== undefined && { authconfig: { base64: registryAuth } }),
      },
      (error, answer) => (error ? reject(error) : resolve(answer)),
    );
  });
}

/** docker-modem merges DOCKER_HOST and its company into whatever it is given (5.0.7, lib/modem.js), and reads certificates that may not be there. */
function withoutEnvironment<T>(create: () => T): T {
  const host = process.env["DOCKER_HOST"];
  delete process.env["DOCKER_HOST"];
  try {
    return create();
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}
