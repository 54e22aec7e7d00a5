import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withDeadline } from "./deadline.ts";
import { createLanes } from "./lanes.ts";
import { whyNotGoTo, type RegistryAddress } from "./registryAddress.ts";
import { streamBody, type BodyStop } from "./registryBody.ts";

export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  /** Sent only to the origin of `url`. */
  readonly authorization?: string;
  readonly accept?: string;
  /** Form fields of a POST. */
  readonly form?: URLSearchParams;
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
const timeoutMs = 15_000;
// As long as a busy store may need to find the rest of a large blob.
const defaultIdleMs = 30_000;
// Registries throttle clients that ask more at once.
const maxConcurrentPerHost = 4;
// Registry → storage → content network; more is a loop.
const maxRedirects = 4;

export interface RegistryHttpOptions {
  /** How long a streamed body may stand still, in milliseconds. */
  readonly idleMs?: number;
}

export function createRegistryHttp({ idleMs = defaultIdleMs }: RegistryHttpOptions = {}): RegistryHttp {
  const lanes = createLanes(maxConcurrentPerHost);
  const blocked = new Map<string, number>();
  return {
    send: async (address, request, signal) => {
      const blockedMs = (blocked.get(address.registry) ?? 0) - Date.now();
      if (blockedMs > 0) return failure(rateLimited(address, blockedMs));
      const answer = await lanes.run(request.url.host, () => sendInTime(address, { ...request, idleMs }, signal), signal);
      if (!answer.ok || answer.value.status !== 429) return answer;
      const retryAfterMs = retryAfter(answer.value.headers.get("retry-after"));
      // Asking again before that only makes it longer.
      if (retryAfterMs !== undefined) blocked.set(address.registry, Date.now() + Math.min(retryAfterMs, maxBlockMs));
      return failure(rateLimited(address, retryAfterMs));
    },
  };
}

// Docker Hub's window is six hours; a hostile or mistaken header must not shut a registry out until tomorrow.
const maxBlockMs = 60 * 60 * 1000;

interface TimedRequest extends RegistryRequest {
  readonly idleMs: number;
}

async function sendInTime(address: RegistryAddress, request: TimedRequest, signal: AbortSignal): Promise<Result<RegistryAnswer>> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const tried = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        return failure(unreachable(address, deadline.isOver() ? `did not answer within ${timeoutMs / 1000} s` : `cannot be reached (${causeOf(error)})`));
      }
    };
    const response = await tried(() => follow(address, request, deadline.signal));
    if (!response.ok) return response;
    const { take } = request;
    if (!take) return tried(() => readAnswer(response.value, request));
    deadline.lift();
    return deliver(address, response.value, { ...request, take }, signal);
  });
}

/** Hands a body over. An answer without what was asked for needs no body. */
async function deliver(address: RegistryAddress, response: Response, request: TimedRequest & { readonly take: BodyTaker }, signal: AbortSignal): Promise<Result<RegistryAnswer>> {
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
  return stop ? failure(stopError(address, request, stop)) : success({ status: response.status, headers: response.headers, body: Buffer.alloc(0) });
}

function stopError(address: RegistryAddress, { what, maxBytes, idleMs }: TimedRequest, stop: BodyStop): OciError {
  switch (stop.kind) {
    case "tooLong":
      return tooLong(what, maxBytes);
    case "stalled":
      return unreachable(address, `sent nothing of ${what} for ${idleMs / 1000} s`);
    case "broken":
      return unreachable(address, `broke off in the middle of ${what} (${causeOf(stop.thrown)})`);
    default:
      return stop satisfies never;
  }
}

async function follow(address: RegistryAddress, request: RegistryRequest, signal: AbortSignal): Promise<Result<Response>> {
  let url = request.url;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetch(url, {
      method: request.method,
      headers: headersFor(request, url),
      redirect: "manual",
      signal,
      ...(request.form && { body: request.form }),
    });
    const location = redirectOf(response);
    if (location === undefined) return success(response);
    await response.body?.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    const problem = next === undefined ? "redirects to something that is no URL" : whyNotGoTo(next, address);
    // A login form or a token's secret must not be sent on.
    if (next === undefined || problem !== undefined || request.method === "POST") return failure(badAnswer(address, problem ?? "redirects a login"));
    url = next;
  }
  return failure(badAnswer(address, `redirects more than ${maxRedirects} times`));
}

function headersFor({ url: first, authorization, accept }: RegistryRequest, url: URL): Headers {
  // The digest is of the bytes as they are; a compressed answer would have other ones.
  const headers = new Headers({ "accept-encoding": "identity", "user-agent": "imagewright" });
  if (accept !== undefined) headers.set("accept", accept);
  if (authorization !== undefined && url.origin === first.origin) headers.set("authorization", authorization);
  return headers;
}

function redirectOf({ status, headers }: Response): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? (headers.get("location") ?? undefined) : undefined;
}

async function readAnswer(response: Response, { what, maxBytes }: RegistryRequest): Promise<Result<RegistryAnswer>> {
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
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^[0-9]+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function rateLimited({ registry }: RegistryAddress, retryAfterMs: number | undefined): OciError {
  const when = retryAfterMs === undefined ? "later" : `in ${Math.ceil(retryAfterMs / 1000)} s`;
  return { kind: "rateLimited", endpoint: registry, message: `${registry} takes no more requests for now; try again ${when}, or log in for a higher limit`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function tooLong(what: string, maxBytes: number): OciError {
  return { kind: "tooLarge", what, message: `the registry's answer for ${what} is longer than ${maxBytes} bytes` };
}

function unreachable({ registry }: RegistryAddress, why: string): OciError {
  return { kind: "registryUnreachable", endpoint: registry, message: `${registry} ${why}; check the name, the network and the proxy` };
}

function badAnswer({ registry }: RegistryAddress, problem: string): OciError {
  return { kind: "badAnswer", endpoint: registry, message: problem.startsWith(registry) ? `${problem}; it is not followed` : `${registry} ${problem}` };
}

/** fetch fails with "fetch failed" and the reason as its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "unknown reason";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
