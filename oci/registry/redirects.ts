import { request as requestHttps, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { whyNotConnect, whyNotGoTo, type CertificateSet, type RegistryAddress } from "./address.ts";
import { trustedCertificates } from "./certificates.ts";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  /** Sent only to the origin of `url`, and no more once a redirect has led away from it. */
  readonly authorization?: string;
  readonly accept?: string;
  /** As in `Range: bytes=-8`; a server that doesn't know ranges answers 200 with all of it. */
  readonly range?: string;
  /** Form fields of a POST. */
  readonly form?: URLSearchParams;
}

// Registry → storage → content network; more is a loop.
const maxRedirects = 4;

/** Sends a request and goes where it is redirected to, as far as that is allowed. What the network throws goes on to the caller. */
export async function follow(
  address: RegistryAddress,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Result<Response>> {
  let hop: Hop = { ...request, address };
  for (let count = 0; count <= maxRedirects; count++) {
    const problem = await whyNotConnect(hop.url, address);
    if (problem !== undefined) return failure(redirectError(address, `${problem}; it is not followed`));
    const response = await send(hop, signal);
    const location = redirectOf(response);
    if (location === undefined) return success(response);
    await response.body?.cancel();
    const next = nextHop(hop, location);
    if (!next.ok) return next;
    hop = next.value;
  }
  return failure(redirectError(address, `redirects more than ${maxRedirects} times`));
}

interface Hop extends HttpRequest {
  readonly address: RegistryAddress;
}

function nextHop(hop: Hop, location: string): Result<Hop> {
  const { address, url, method, authorization, ...rest } = hop;
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (!next) return failure(redirectError(address, "redirects to something that is no URL"));
  const problem = whyNotGoTo(next, address);
  if (problem !== undefined) return failure(redirectError(address, `${problem}; it is not followed`));
  // A login form must not be sent on.
  if (method === "POST") return failure(redirectError(address, "redirects a login"));
  return success({
    ...rest,
    address,
    method,
    url: next,
    ...(authorization !== undefined && next.origin === url.origin && { authorization }),
  });
}

async function send(hop: Hop, signal: AbortSignal): Promise<Response> {
  const {
    url,
    method,
    form,
    address: { certificates },
  } = hop;
  if (certificates && url.protocol === "https:") return sendWithCertificates(hop, certificates, signal);
  return fetch(url, { method, headers: headersFor(hop), redirect: "manual", signal, ...(form && { body: form }) });
}

/** fetch takes no certificates, so that Node's own client is asked. */
async function sendWithCertificates(
  hop: Hop,
  { authorities, clients }: CertificateSet,
  signal: AbortSignal,
): Promise<Response> {
  const { url, method, form, address } = hop;
  const headers = headersFor(hop);
  if (form) headers.set("content-type", "application/x-www-form-urlencoded");
  // The client's certificate says who the user is: that is for the registry alone.
  const own =
    url.origin === address.origin
      ? { cert: clients.map(({ certificate }) => certificate), key: clients.map(({ key }) => key) }
      : {};
  const options: RequestOptions = {
    method,
    headers: Object.fromEntries(headers),
    signal,
    ca: [...trustedCertificates(), ...authorities],
    ...own,
  };
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    requestHttps(url, options, resolve).on("error", reject).end(form?.toString());
  });
  return toResponse(incoming);
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    for (const value of values) headers.append(name, value);
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, {
    status: incoming.statusCode ?? 0,
    headers,
  });
}

function headersFor({ authorization, accept, range }: Hop): Headers {
  // The digest is of the bytes as they are; a compressed answer would have other ones.
  const headers = new Headers({ "accept-encoding": "identity", "user-agent": "imagewright" });
  if (accept !== undefined) headers.set("accept", accept);
  if (range !== undefined) headers.set("range", range);
  if (authorization !== undefined) headers.set("authorization", authorization);
  return headers;
}

function redirectOf({ status, headers }: Response): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? (headers.get("location") ?? undefined) : undefined;
}

function redirectError({ registry }: RegistryAddress, problem: string): OciError {
  return {
    kind: "badAnswer",
    endpoint: registry,
    message: problem.startsWith(registry) ? problem : `${registry} ${problem}`,
  };
}
