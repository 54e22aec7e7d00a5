import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { parseJson } from "../../core/decode.ts";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import type { EngineConnection } from "../endpoint/connection.ts";
import { withDeadline, type Deadline } from "../../source/deadline.ts";
import { refusedAt } from "../endpoint/find.ts";
import { toOneLine, type Refusal } from "../../source/refusal.ts";
import { createEngineTransport, type EngineTransport, type TransportRequest } from "./transport.ts";
import { sshConnectSeconds, SshEnded } from "../endpoint/sshConnection.ts";
import { sshFailure } from "../endpoint/sshFailure.ts";

export interface EngineRequest extends TransportRequest {
  /** The subject of the request, as errors name it: `image debian:12`. */
  readonly what: string;
  /** A longer response is `tooLarge`. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Explains a refusal that the engine's status doesn't explain; called first. */
  readonly explain?: (refusal: Refusal) => OciError | undefined;
}

export interface EngineAnswer {
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Sends requests to an engine. Every failure has its own kind, and a stuck engine ends with the timeout. */
export interface EngineClient {
  readonly connection: EngineConnection;
  /** Returns the whole body of a successful response. */
  text(request: EngineRequest, signal: AbortSignal): Promise<Result<EngineAnswer>>;
  json(request: EngineRequest, signal: AbortSignal): Promise<Result<unknown>>;
  /** Returns a successful response whose body the caller reads; the timeout ends with the headers. */
  open(request: Omit<EngineRequest, "maxBytes">, signal: AbortSignal): Promise<Result<IncomingMessage>>;
}

export function createEngineClient(connection: EngineConnection): EngineClient {
  const transport = createEngineTransport(connection);
  const client: EngineClient = {
    connection,
    open: (request, signal) =>
      inTime({ transport, connection, request }, signal, (answer, deadline) => {
        deadline.lift();
        return Promise.resolve(success(addAbortSignal(signal, answer)));
      }),
    text: (request, signal) =>
      inTime({ transport, connection, request }, signal, (answer) => wholeText(answer, request)),
    json: async (request, signal) => {
      const answer = await client.text(request, signal);
      if (!answer.ok) return answer;
      const json = parseJson(request.what, answer.value.text);
      return json.ok || json.error.kind === "tooLarge"
        ? json
        : failure(
            badAnswer(
              connection,
              `${connection.endpoint} does not speak the Docker API: ${request.path} is ${json.error.message}`,
            ),
          );
    },
  };
  return client;
}

/** Returns the same error with the engine's endpoint, for data decoded from its response. */
export function asEngineError(error: OciError, { endpoint }: EngineConnection): OciError {
  return error.kind === "badArchive"
    ? {
        kind: "badAnswer",
        endpoint,
        message: `${endpoint} sent an unexpected response for ${error.what}: ${error.message}`,
      }
    : error;
}

interface Sending {
  readonly transport: EngineTransport;
  readonly connection: EngineConnection;
  readonly request: Omit<EngineRequest, "maxBytes">;
}

/**
 * Sends a request and reads a successful response with `read`, all before the deadline. Throws only for a bug, or if
 * the caller cancels.
 */
async function inTime<T>(
  sending: Sending,
  signal: AbortSignal,
  read: (answer: IncomingMessage, deadline: Deadline) => Promise<Result<T>>,
): Promise<Result<T>> {
  return withDeadline(timeoutOf(sending.connection, sending.request), signal, async (deadline) => {
    try {
      const answer = await sending.transport(sending.request, deadline.signal);
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return await read(answer, deadline);
      const body = await readBounded(answer, maxErrorBytes);
      const reason = reasonIn(body.text);
      return failure(
        sending.request.explain?.({ status, reason }) ??
          versionRefused(status, reason, sending.connection) ??
          statusError(status, reason, sending),
      );
    } catch (error) {
      signal.throwIfAborted();
      return failure(errorOf(error, sending, deadline));
    }
  });
}

/** The timeout of a request, which may have to log in first. */
function timeoutOf({ ssh }: EngineConnection, { timeoutMs }: { readonly timeoutMs: number }): number {
  return timeoutMs + (ssh === undefined ? 0 : sshConnectSeconds * 1000);
}

/** The engine's errors are one line of JSON. Longer text is cut, since it is only shown. */
const maxErrorBytes = 64 * 1024;

async function wholeText(answer: IncomingMessage, { what, maxBytes }: EngineRequest): Promise<Result<EngineAnswer>> {
  const { text, isCut } = await readBounded(answer, maxBytes);
  if (isCut)
    return failure({
      kind: "tooLarge",
      what,
      message: `the engine's response for ${what} is longer than ${maxBytes} bytes`,
    });
  return success({ headers: answer.headers, text });
}

async function readBounded(
  answer: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop destroys the stream and its connection.
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return { text: Buffer.concat(chunks).toString("utf8"), isCut: true };
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isCut: false };
}

/** The reason in an error body. Docker answers `{"message"}`, Podman `{"cause","message","response"}`. */
function reasonIn(body: string): string {
  const json = parseJson("error", body);
  const value = json.ok ? json.value : undefined;
  const message =
    typeof value === "object" && value !== null && "message" in value && typeof value.message === "string"
      ? value.message
      : body;
  return toOneLine(message);
}

function statusError(status: number, reason: string, { connection, request }: Sending): OciError {
  const { what } = request;
  const { endpoint } = connection;
  const told = reason || "no reason given";
  if (status === 404) return { kind: "notFound", what, message: reason || `${endpoint} has no ${what}` };
  if (status === 401 || status === 403)
    return { kind: "unauthorized", what, message: `${endpoint} denied access: ${reason || status}` };
  if (status === 409) return { kind: "conflict", what, message: told };
  if (status === 429)
    return { kind: "rateLimited", endpoint, message: `${endpoint}: ${reason || "too many requests"}` };
  if (status >= 300 && status < 400)
    return {
      ...badAnswer(connection, `${endpoint} answered ${request.path} with a redirect; this is not a Docker engine`),
      status,
    };
  return { ...badAnswer(connection, `${endpoint} failed for ${what} (${status}): ${told}`), status };
}

/** Docker's message, 20.10 to 29; nothing else distinguishes it from other bad requests. */
const versionRefusal = /client version \S+ is too (?:old|new)/;

function versionRefused(
  status: number,
  reason: string,
  { endpoint, apiVersion }: EngineConnection,
): OciError | undefined {
  if (status !== 400 || !versionRefusal.test(reason)) return undefined;
  const advice =
    apiVersion === undefined
      ? "update Imagewright"
      : "unset DOCKER_API_VERSION, or set it to a version the engine supports";
  return {
    kind: "unsupported",
    what: "the API version",
    message: `${endpoint} doesn't support this version of the Docker API (${reason}); ${advice}`,
  };
}

function errorOf(error: unknown, { connection, request }: Sending, deadline: Deadline): OciError {
  const { endpoint } = connection;
  if (deadline.isOver())
    return engineUnreachable(
      endpoint,
      `${endpoint} did not respond to the request for ${request.what} within ${timeoutOf(connection, request) / 1000} s; check whether the engine hangs`,
    );
  if (error instanceof SshEnded) return sshFailure(endpoint, error.end);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "") throw error;
  if (code === "EACCES" || code === "EPERM") return refusedAt(endpoint);
  if (code.startsWith("HPE_"))
    return badAnswer(connection, `${endpoint} does not speak HTTP (${code}); this is not a Docker engine`);
  if (/CERT|TLS|SSL|UNABLE_TO|EPROTO/.test(code))
    return badAnswer(
      connection,
      `the TLS connection to ${endpoint} failed (${code}); check the certificates of its context or DOCKER_CERT_PATH`,
    );
  if (hangUps.has(code))
    return engineUnreachable(
      endpoint,
      `${endpoint} closed the connection during the request for ${request.what}; the engine may have stopped`,
    );
  return engineUnreachable(
    endpoint,
    `no engine is responding at ${endpoint} (${code}); start it, or set another one in the settings or in DOCKER_HOST`,
  );
}

const hangUps: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);

function engineUnreachable(endpoint: string, message: string): OciError {
  return { kind: "engineUnreachable", endpoint, tried: [endpoint], message };
}

function badAnswer({ endpoint }: EngineConnection, message: string): OciError & { readonly kind: "badAnswer" } {
  return { kind: "badAnswer", endpoint, message };
}
