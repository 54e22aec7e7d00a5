import { failure, success, type OciError, type Result } from "../core/error.ts";
import { checkHost, isOwnHost, whyNotGoTo, type CheckedHost, type RegistryAddress } from "./address.ts";
import type { Transport, TransportCertificates, TransportRequest, TransportResponse } from "./transport.ts";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  /** Sent only to the origin of `url`, and no longer after a redirect to another one. */
  readonly authorization?: string;
  readonly accept?: string;
  /** A range as in `Range: bytes=-8`; a server that doesn't support ranges responds with 200 and the whole content. */
  readonly range?: string;
  /** Form fields of a POST. */
  readonly form?: URLSearchParams;
}

// Registry → storage → content delivery network; more is a loop.
const maxRedirects = 4;

/** Sends a request and follows redirects, as far as they are allowed. Network errors are passed on to the caller. */
export async function follow(
  address: RegistryAddress,
  request: HttpRequest,
  transport: Transport,
  signal: AbortSignal,
): Promise<Result<TransportResponse>> {
  let hop: Hop = { ...request, address };
  for (let count = 0; count <= maxRedirects; count++) {
    const host = await checkHost(hop.url, address, transport.resolve);
    if ("problem" in host) return failure(redirectError(address, `${host.problem}; the redirect was not followed`));
    const response = await send({ ...hop, ...host }, transport, signal);
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
  if (!next) return failure(redirectError(address, "redirects to an invalid URL"));
  const problem = whyNotGoTo(next, address);
  if (problem !== undefined) return failure(redirectError(address, `${problem}; the redirect was not followed`));
  // A login form must not be forwarded.
  if (method === "POST") return failure(redirectError(address, "redirects a login request"));
  return success({
    ...rest,
    address,
    method,
    url: next,
    ...(authorization !== undefined && next.origin === url.origin && { authorization }),
  });
}

function send(hop: Hop & CheckedHost, transport: Transport, signal: AbortSignal): Promise<TransportResponse> {
  const { url, method, form, address, addresses } = hop;
  const headers = headersFor(hop);
  const tls = tlsFor(url, address);
  const request = { method, url, headers, ...(form && { body: form.toString() }), ...(tls && { tls }) };
  return transport.send({ ...request, ...(addresses && { addresses }) }, signal);
}

/**
 * The TLS settings for a URL. The client certificate identifies the user, so only the registry gets it. Likewise, only
 * the registry's certificate may go unchecked.
 */
function tlsFor(url: URL, address: RegistryAddress): TransportCertificates | undefined {
  const { certificates, acceptsAnyCertificate } = address;
  if (acceptsAnyCertificate)
    return isOwnHost(url, address) ? { authorities: [], clients: [], isUnchecked: true } : undefined;
  if (!certificates) return undefined;
  const { authorities, clients } = certificates;
  return { authorities, clients: url.origin === address.origin ? clients : [] };
}

function headersFor({ authorization, accept, range, form }: Hop): TransportRequest["headers"] {
  return {
    // The digest is of the bytes as stored; a compressed response would have different ones.
    "accept-encoding": "identity",
    "user-agent": "imagewright",
    ...(accept !== undefined && { accept }),
    ...(range !== undefined && { range }),
    ...(authorization !== undefined && { authorization }),
    ...(form && { "content-type": "application/x-www-form-urlencoded" }),
  };
}

function redirectOf({ status, headers }: TransportResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? (headers.get("location") ?? undefined) : undefined;
}

function redirectError({ registry }: RegistryAddress, problem: string): OciError {
  return {
    kind: "badAnswer",
    endpoint: registry,
    message: problem.startsWith(registry) ? problem : `${registry} ${problem}`,
  };
}
