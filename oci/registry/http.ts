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
import { createFetchTransport, type Transport, type TransportResponse } from "./transport.ts";
import { createRegistryMemory, type RegistryMemory } from "./registryMemory.ts";

export interface RegistryRequest extends HttpRequest {
  /** A longer body is `tooLarge`. */
  readonly maxBytes: number;
  /** What is asked for, in the words of an error: `docker.io/library/alpine:3.20`. */
  readonly what: string;
  /** Takes the body of a 200; the answer's own is empty then. The time limit of a request ends there, and one for standing still begins. */
  readonly take?: BodyTaker;
}

/** Reads a body as it comes, as far as it wants. Where the body throws, the request fails with the reason, whatever the taker makes of it. */
export type BodyTaker = (body: AsyncIterable<Buffer>) => Promise<void>;

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Sends requests of one user to many registries: bounded in time, size and number, careful with redirects. */
export interface RegistryHttp {
  /** Any status but 429 is an answer. */
  send(address: RegistryAddress, request: RegistryRequest, signal: AbortSignal): Promise<Result<RegistryAnswer>>;
}

// A registry that needs longer is of no use while editing.
const defaultTimeoutMs = 15_000;
// As long as a busy store may need to find the rest of a large blob.
const defaultIdleMs = 30_000;
// Registries throttle clients that ask more at once.
const maxConcurrentPerHost = 4;
// A storage or a proxy that stumbles is back within a second or two, or not soon.
const defaultRetryDelaysMs: readonly number[] = [250, 1000];
// A person waits no longer for what may be there then.
const defaultMaxWaitMs = 5000;
// A registry that says "in a second" each time is not asked for ever.
const maxTries = 10;

export interface RegistryHttpOptions {
  /** How long a streamed body may stand still, in milliseconds. */
  readonly idleMs?: number;
  /** How long to wait before each further try after a failure that may pass, in milliseconds. */
  readonly retryDelaysMs?: readonly number[];
  /** How long a request waits in all for a registry that takes no more for now (429), in milliseconds. */
  readonly maxWaitMs?: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** What carries the requests; `fetch` by default. */
  readonly transport?: Transport;
}

export function createRegistryHttp({
  idleMs = defaultIdleMs,
  retryDelaysMs = defaultRetryDelaysMs,
  maxWaitMs = defaultMaxWaitMs,
  timeoutMs = defaultTimeoutMs,
  transport = createFetchTransport(),
}: RegistryHttpOptions = {}): RegistryHttp {
  const limit = createConcurrencyLimit(maxConcurrentPerHost);
  const registries = createRegistryMemory();
  const options = { idleMs, retryDelaysMs, maxWaitMs, timeoutMs, transport };
  return {
    // Waiting keeps the lane: the registry's other requests wait as well, those of others go on.
    send: (address, request, signal) =>
      limit.run(request.url.host, () => sendPatiently(address, { ...request, ...options, registries }, signal), signal),
  };
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
    // Asking again before that only makes it longer.
    if (retryAfterMs !== undefined) registries.pause(registry, retryAfterMs);
    // A form may not be sent twice.
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
  const { timeoutMs, registries } = request;
  const startMs = Date.now();
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const tried = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!deadline.isOver()) return failure(networkError(address, causeOf(error)));
        registries.timedOut(address.registry, startMs);
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

/** Asks again after a failure that may pass, a few times; a form may not be sent twice. */
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

/** Undefined where the network failed in a way that may pass. */
async function passing<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (thrown) {
    if (signal.aborted || !passingCodes.has(causeOf(thrown))) throw thrown;
    return undefined;
  }
}

// A failing registry that wants to be left alone for longer is not waited for.
const maxStumbleMs = 5000;
/** As go-containerregistry's, but for 429, which has its own way. */
const passingStatuses: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);
/** A kept connection that the registry closed just now, a name server that is busy. */
const passingCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"]);

/** Hands a body over. An answer without what was asked for needs no body. */
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

/** Seconds, or a date. @see RFC 9110 §10.2.3 */
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
  const error = registryUnreachable(registry, `cannot be reached (${reasonOf(code)}); ${advice}`);
  return isUntrusted(code) ? { ...error, isUntrusted: true } : error;
}

/** fetch fails with "fetch failed" and the reason as its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "unknown reason";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
