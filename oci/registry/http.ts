import { setTimeout as sleep } from "node:timers/promises";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withDeadline } from "../source/deadline.ts";
import { createConcurrencyLimit } from "../source/concurrencyLimit.ts";
import type { RegistryAddress } from "./address.ts";
import { streamBody, type BodyStop } from "./body.ts";
import { durationText } from "../core/text.ts";
import { minBytesPerSecond } from "../source/movingStream.ts";
import { isOfProxy, isUntrusted, reasonOf } from "./networkReasons.ts";
import { registryUnreachable } from "./errors.ts";
import { follow, type HttpRequest } from "./redirects.ts";
import { createFetchTransport, type ResponseHeaders, type Transport, type TransportResponse } from "./transport.ts";
import { createRegistryMemory, type RegistryMemory } from "./registryMemory.ts";

export interface RegistryRequest extends HttpRequest {
  /** A longer body is `tooLarge`. */
  readonly maxBytes: number;
  /** The subject of the request, as errors name it: `docker.io/library/alpine:3.20`. */
  readonly what: string;
  /**
   * Reads the body of a 200; the response's own body is empty then. The time limit of the request ends there, and a
   * limit for stalled data begins.
   */
  readonly take?: BodyTaker;
}

/**
 * Reads a body as it arrives, as far as needed. If the body throws, the request fails with that reason, whatever this
 * function does.
 */
export type BodyTaker = (body: AsyncIterable<Buffer>) => Promise<void>;

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

/** Sends requests of one user to many registries: bounded in time, size and number, with checked redirects. */
export interface RegistryHttp {
  /** Returns a response of any status except 429. */
  send(address: RegistryAddress, request: RegistryRequest, signal: AbortSignal): Promise<Result<RegistryAnswer>>;
}

// A slower registry isn't useful while editing.
const defaultTimeoutMs = 15_000;
// A firewall that drops packets to port 443 would otherwise hide a registry that answers on port 80.
const defaultProbeMs = 5000;
// As long as a busy store may need to find the rest of a large blob.
const defaultIdleMs = 30_000;
// Registries throttle clients that send more requests at once. Lookups by HEAD don't wait for content.
const maxConcurrentPerHost = 4;
// A storage or a proxy that fails briefly is back within a second or two, or not soon.
const defaultRetryDelaysMs: readonly number[] = [250, 1000];
// Users won't wait longer for a registry that may be available then.
const defaultMaxWaitMs = 5000;
// Limits the retries of a registry that says "in a second" each time.
const maxTries = 10;

export interface RegistryHttpOptions {
  /** The longest time without data in a streamed body, in milliseconds. */
  readonly idleMs?: number;
  /** The delays before each further attempt after a transient failure, in milliseconds. */
  readonly retryDelaysMs?: readonly number[];
  /** The total time that a request waits for a registry that is rate limiting (429), in milliseconds. */
  readonly maxWaitMs?: number;
  /** The time limit of a response, in milliseconds. */
  readonly timeoutMs?: number;
  /** The time limit for trying TLS at a registry for which plain HTTP is allowed too. */
  readonly probeMs?: number;
  /** The transport of requests; `fetch` by default. */
  readonly transport?: Transport;
}

export function createRegistryHttp({
  idleMs = defaultIdleMs,
  retryDelaysMs = defaultRetryDelaysMs,
  maxWaitMs = defaultMaxWaitMs,
  timeoutMs = defaultTimeoutMs,
  probeMs = defaultProbeMs,
  transport = createFetchTransport(),
}: RegistryHttpOptions = {}): RegistryHttp {
  const limit = createConcurrencyLimit(maxConcurrentPerHost);
  const registries = createRegistryMemory();
  const options = { idleMs, retryDelaysMs, maxWaitMs, timeoutMs, probeMs, transport };
  return {
    // A waiting request keeps its slot: the registry's other requests wait too, while other registries' continue.
    send: (address, request, signal) =>
      limit.run(lanesOf(request), () => sendPatiently(address, { ...request, ...options, registries }, signal), signal),
  };
}

/** The key of the requests that wait for each other. */
function lanesOf({ method, url }: RegistryRequest): string {
  return method === "HEAD" ? `HEAD ${url.host}` : url.host;
}

async function sendPatiently(
  address: RegistryAddress,
  request: TimedRequest,
  signal: AbortSignal,
): Promise<Result<RegistryAnswer>> {
  const { registries, maxWaitMs, method } = request;
  const { registry } = address;
  let leftMs = maxWaitMs;
  for (let tries = 1; ; tries++) {
    const silentMs = registries.silentMs(registry);
    if (silentMs > 0) return failure(silent(address, request.timeoutMs, silentMs));
    const pauseMs = registries.pauseMs(registry);
    if (pauseMs > leftMs) return failure(rateLimited(address, pauseMs));
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal });
    leftMs -= pauseMs;
    const answer = await sendInTime(address, request, signal);
    if (!answer.ok || answer.value.status !== 429) return answer;
    const retryAfterMs = retryAfter(answer.value.headers.get("retry-after"));
    // An earlier retry would only extend the limit.
    if (retryAfterMs !== undefined) registries.pause(registry, retryAfterMs);
    // A form must not be sent twice.
    const isOver = retryAfterMs === undefined || retryAfterMs > leftMs || method === "POST" || tries === maxTries;
    if (isOver) return failure(rateLimited(address, retryAfterMs));
  }
}

type TimedRequest = RegistryRequest & Required<RegistryHttpOptions> & { readonly registries: RegistryMemory };

async function sendInTime(
  address: RegistryAddress,
  request: TimedRequest,
  signal: AbortSignal,
): Promise<Result<RegistryAnswer>> {
  const { registries } = request;
  const timeoutMs = address.isProbe ? Math.min(request.probeMs, request.timeoutMs) : request.timeoutMs;
  const startMs = Date.now();
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const tried = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!deadline.isOver()) return failure(networkError(address, causeOf(error)));
        if (!address.isProbe) registries.timedOut(address.registry, startMs);
        return failure(
          registryUnreachable(address.registry, `did not respond within ${timeoutMs / 1000} s; ${checkIt}`),
        );
      }
    };
    const response = await tried(() =>
      persist(request, () => follow(address, request, request.transport, deadline.signal), deadline.signal),
    );
    if (!response.ok) return response;
    registries.answered(address.registry);
    const { take } = request;
    if (!take) return tried(() => readAnswer(response.value, request));
    deadline.lift();
    return deliver(address, response.value, { ...request, take }, signal);
  });
}

/** Retries after a transient failure, a few times. A form must not be sent twice. */
async function persist(
  { method, retryDelaysMs }: TimedRequest,
  attempt: () => Promise<Result<TransportResponse>>,
  signal: AbortSignal,
): Promise<Result<TransportResponse>> {
  for (const delayMs of method === "POST" ? [] : retryDelaysMs) {
    const response = await passing(attempt, signal);
    if (response && (!response.ok || !passingStatuses.has(response.value.status))) return response;
    const waitMs = Math.max(delayMs, retryAfter(response?.value.headers.get("retry-after")) ?? 0);
    if (response && waitMs > maxStumbleMs) return response;
    await response?.value.body?.cancel();
    await sleep(waitMs, undefined, { signal });
  }
  return attempt();
}

/** Runs an attempt; undefined if the network failed in a transient way. */
async function passing<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (thrown) {
    if (signal.aborted || !passingCodes.has(causeOf(thrown))) throw thrown;
    return undefined;
  }
}

// Waits no longer for a failing registry that asks for a longer pause.
const maxStumbleMs = 5000;
/** The same as go-containerregistry's, except 429, which is handled separately. */
const passingStatuses: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);
/** A kept-alive connection that the registry has just closed, or a busy name server. */
const passingCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"]);

/** Hands a body to its reader. Other statuses than 200 and 206 don't need a body. */
async function deliver(
  address: RegistryAddress,
  response: TransportResponse,
  request: TimedRequest & { readonly take: BodyTaker },
  signal: AbortSignal,
): Promise<Result<RegistryAnswer>> {
  const body = streamBody(response, request);
  try {
    if (response.status === 200) await request.take(body.pieces);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!body.stop()) throw thrown;
  } finally {
    await body.close();
  }
  signal.throwIfAborted();
  const stop = body.stop();
  return stop
    ? failure(stopError(address, request, stop))
    : success({ status: response.status, headers: response.headers, body: Buffer.alloc(0) });
}

function stopError(address: RegistryAddress, { what, maxBytes, idleMs }: TimedRequest, stop: BodyStop): OciError {
  switch (stop.kind) {
    case "tooLong":
      return tooLong(what, maxBytes);
    case "stalled":
      return registryUnreachable(address.registry, `sent nothing of ${what} for ${idleMs / 1000} s; ${checkIt}`);
    case "slow":
      return registryUnreachable(
        address.registry,
        `sent less than ${minBytesPerSecond} bytes a second of ${what} for ${idleMs / 1000} s; ${checkIt}`,
      );
    case "broken":
      return registryUnreachable(
        address.registry,
        `closed the connection while sending ${what} (${reasonOf(causeOf(stop.thrown))}); ${checkIt}`,
      );
    default:
      return stop satisfies never;
  }
}

async function readAnswer(
  response: TransportResponse,
  { what, maxBytes }: RegistryRequest,
): Promise<Result<RegistryAnswer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) return failure(tooLong(what, maxBytes));
    chunks.push(chunk);
  }
  return success({ status: response.status, headers: response.headers, body: Buffer.concat(chunks) });
}

/** Parses seconds or a date. @see RFC 9110 §10.2.3 */
function retryAfter(header: string | null | undefined): number | undefined {
  if (header === null || header === undefined) return undefined;
  const ms = /^[0-9]+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function rateLimited({ registry }: RegistryAddress, retryAfterMs: number | undefined): OciError {
  const when = retryAfterMs === undefined ? "later" : `in ${durationText(retryAfterMs)}`;
  return {
    kind: "rateLimited",
    endpoint: registry,
    message: `${registry} is rate limiting requests; retry ${when}, or log in for a higher limit`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function silent({ registry }: RegistryAddress, timeoutMs: number, silentMs: number): OciError {
  return registryUnreachable(
    registry,
    `did not respond within ${timeoutMs / 1000} s and won't be contacted again for ${durationText(silentMs)}; ${checkIt}`,
  );
}

function tooLong(what: string, maxBytes: number): OciError {
  return { kind: "tooLarge", what, message: `the registry's response for ${what} is longer than ${maxBytes} bytes` };
}

const checkIt = "check the name, the network and the proxy";

function networkError({ registry }: RegistryAddress, code: string): OciError {
  const advice = isOfProxy(code)
    ? "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    : isUntrusted(code)
      ? `put its authority's certificate at ~/.docker/certs.d/${registry}/ca.crt`
      : checkIt;
  const error = registryUnreachable(registry, `can't be reached (${reasonOf(code)}); ${advice}`);
  return isUntrusted(code) ? { ...error, isUntrusted: true } : error;
}

/** The cause of an error: fetch fails with "fetch failed" and has the reason as its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "unknown reason";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
