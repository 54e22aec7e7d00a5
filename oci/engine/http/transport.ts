import http from "node:http";
import type https from "node:https";
import { pipeline, Readable } from "node:stream";
import type Docker from "dockerode";
import type { EngineConnection } from "../endpoint/connection.ts";
import { createEngineAgent } from "./agent.ts";

/**
 * Query parameters. Lists are repeated; other objects are sent as JSON, as the Engine API expects for filters and
 * platforms.
 */
export type EngineQuery = Readonly<Record<string, string | number | object>>;

export interface TransportRequest {
  /** Defaults to GET. */
  readonly method?: DialOptions["method"];
  /** The path without version and query: `/images/json`. */
  readonly path: string;
  readonly query?: EngineQuery;
  /** Absent for an unversioned request. */
  readonly apiVersion?: string;
  /** Base64url JSON of a registry login, sent as `X-Registry-Auth`. */
  readonly registryAuth?: string;
  /**
   * The body of a POST: an object is sent as JSON, a stream as a chunked tar. The stream is destroyed if the request
   * ends first.
   */
  readonly body?: object | Readable;
}

/**
 * Sends requests to an engine. Resolves with a response of any status, before its body is read. Rejects with the
 * socket's error.
 */
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
  /** True to send an empty object as a body too. */
  readonly allowEmpty: boolean;
  readonly file?: Readable;
  readonly authconfig?: { readonly base64: string };
  readonly abortSignal: AbortSignal;
}

/** Creates a transport without opening a connection. */
export function createEngineTransport(connection: EngineConnection): EngineTransport {
  let modem: Promise<Modem> | undefined;
  return async (request, signal) => dial(await (modem ??= createModem(connection)), request, signal);
}

/** Loads dockerode at the first request: it takes long to load, and finding an engine doesn't need it. */
async function createModem(connection: EngineConnection): Promise<Modem> {
  const { default: Dockerode } = await import("dockerode");
  const { headers } = connection;
  const options = { ...fixedOptions, ...(headers && { headers }) } as Docker.DockerOptions;
  const modem = withoutEnvironment(() => new Dockerode(options).modem as unknown as Modem);
  const agent = createEngineAgent(connection);
  const where = addressOf(connection);
  // docker-modem follows redirects without the socket and throws outside of any handler for a malformed Location
  // (5.0.7, lib/http.js), and it reads bodies without a limit. So it only builds the request, and this sends it.
  // http.request isn't used because VS Code replaces it with one whose proxy agents lack the engine's certificates and
  // ssh.
  const open = (options: https.RequestOptions): http.ClientRequest =>
    new http.ClientRequest({ ...options, ...where, protocol: `${connection.protocol}:`, agent });
  modem.buildRequest = (options, _context, data, callback) => sendRequest(() => open(options), data, callback);
  return modem;
}

/** The address for requests. Over ssh the agent knows the way, and the name is only used in the `Host` header. */
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
    // Unreadable certificates throw here; docker-modem calls this within a promise that has no handler.
    return callback(error instanceof Error ? error : new Error(String(error)));
  }
  const isStream = body instanceof Readable;
  let hasAnswer = false;
  request.once("response", (answer) => {
    hasAnswer = true;
    callback(null, answer);
  });
  // Not `once`: an engine that responds before it has read a stream closes the connection on the rest of it.
  request.on("error", (error: NodeJS.ErrnoException) => {
    // Usually an idle connection that the engine closed meanwhile. The request may have reached it, so commands aren't
    // sent twice.
    if (request.reusedSocket && error.code === "ECONNRESET" && !hasAnswer && request.method === "GET")
      sendRequest(open, body, callback);
    else callback(error);
  });
  if (isStream) pipeline(body, request, () => undefined);
  else request.end(body);
}

/**
 * The connection decides where a request goes. docker-modem only needs a placeholder host, whose parts it would parse.
 */
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

/**
 * Hides the environment: docker-modem merges DOCKER_HOST and related variables into any options (5.0.7, lib/modem.js)
 * and reads certificates that may not exist.
 */
function withoutEnvironment<T>(create: () => T): T {
  const host = process.env["DOCKER_HOST"];
  delete process.env["DOCKER_HOST"];
  try {
    return create();
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}
