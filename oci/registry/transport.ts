import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { ownEntry } from "../core/ownEntry.ts";
import type { ResolveHost } from "./address.ts";
import { trustedCertificates } from "./certificates.ts";
import type { FindProxy } from "./proxy.ts";
import { authorizationOf, createTunnelAgent } from "./tunnel.ts";

/** A request to a single address. */
export interface TransportRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificates in addition to those that the machine trusts. */
  readonly tls?: TransportCertificates;
  /** The only addresses to connect to, unless a proxy connects; absent if the host's name decides. */
  readonly addresses?: readonly string[];
}

/** PEM texts. */
export interface TransportCertificates {
  readonly authorities: readonly string[];
  /** Sent to the server. */
  readonly clients: readonly { readonly certificate: string; readonly key: string }[];
  /** Accepts any certificate of the server. */
  readonly isUnchecked?: true;
}

/** A part of the `Headers` of fetch, whose loading takes 8 MB. */
export interface ResponseHeaders {
  /** The values of a header, given by its name in lower case, joined by commas. */
  get(name: string): string | null;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Null if the response has none. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Sends requests without following redirects. Throws network errors. */
export interface Transport {
  /** Resolves the names of hosts that a registry refers to; by the system if absent. */
  readonly resolve?: ResolveHost;
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
}

/**
 * Uses `fetch`, to which VS Code adds its proxy and certificates. Requests with a registry's own certificates, and
 * those for certain addresses, go through Node's client, since `fetch` supports neither.
 */
export function createFetchTransport(): Transport {
  const direct = createNodeTransport(() => undefined, "theHost's");
  return {
    async send(request, signal) {
      const { method, url, headers, body, tls, addresses } = request;
      if (addresses || (tls && url.protocol === "https:")) return direct.send(request, signal);
      return fetch(url, { method, headers, redirect: "manual", signal, ...(body !== undefined && { body }) });
    },
  };
}

/**
 * Uses Node's client, through the proxies of `findProxy`. It takes less memory than `fetch` and supports proxies on
 * every Node version. "theHost's" agents are the process's, which VS Code may have replaced.
 */
export function createNodeTransport(findProxy: FindProxy, agents: "own" | "theHost's" = "own"): Transport {
  const direct =
    agents === "own"
      ? { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) }
      : undefined;
  const tunnels = new Map<string, HttpsAgent>();
  const tunnelTo = (proxy: URL): HttpsAgent => {
    const known = tunnels.get(proxy.href) ?? createTunnelAgent(proxy);
    tunnels.set(proxy.href, known);
    return known;
  };
  return {
    async send(request, signal) {
      const { url } = request;
      const proxy = findProxy(url);
      const options = { ...optionsOf(request), signal };
      if (proxy && url.protocol === "https:")
        return exchange(request, (take) => requestHttps(url, { ...options, agent: tunnelTo(proxy) }, take));
      if (proxy) return exchange(request, (take) => requestHttp(throughProxy(url, proxy, options), take));
      const { addresses } = request;
      const checked = { ...options, ...(addresses && { lookup: lookupOf(addresses) }) };
      if (url.protocol === "https:")
        return exchange(request, (take) => requestHttps(url, { ...checked, ...agentOption(direct?.["https:"]) }, take));
      return exchange(request, (take) => requestHttp(url, { ...checked, ...agentOption(direct?.["http:"]) }, take));
    },
  };
}

function agentOption<Agent>(agent: Agent | undefined): { readonly agent?: Agent } {
  return agent ? { agent } : {};
}

function optionsOf({ method, headers, tls }: TransportRequest) {
  const own = tls && {
    ca: [...trustedCertificates(), ...tls.authorities],
    cert: tls.clients.map(({ certificate }) => certificate),
    key: tls.clients.map(({ key }) => key),
    ...(tls.isUnchecked && { rejectUnauthorized: false }),
  };
  return { method, headers, ...own };
}

/** Resolves any name to these addresses; without any, as a name that doesn't exist. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (hostname, { all }, done) => {
    const [first] = found;
    const missing = Object.assign(new Error(`${hostname} can't be resolved`), { code: "ENOTFOUND" });
    if (!first) done(missing, "");
    else if (all) done(null, found);
    else done(null, first.address, first.family);
  };
}

/** Sends plain HTTP without a tunnel: the proxy gets the whole URL. */
function throughProxy(url: URL, proxy: URL, options: ReturnType<typeof optionsOf> & { readonly signal: AbortSignal }) {
  return {
    ...options,
    protocol: "http:",
    hostname: proxy.hostname,
    port: proxy.port || 80,
    path: url.href,
    headers: { ...options.headers, host: url.host, ...authorizationOf(proxy) },
  };
}

type Ask = (take: (incoming: IncomingMessage) => void) => ReturnType<typeof requestHttp>;

async function exchange({ method, body }: TransportRequest, ask: Ask): Promise<TransportResponse> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    ask(resolve).on("error", reject).end(body);
  });
  const { headersDistinct } = incoming;
  const headers = { get: (name: string) => ownEntry(headersDistinct, name)?.join(", ") ?? null };
  const status = incoming.statusCode ?? 0;
  if (method !== "HEAD") return { status, headers, body: Readable.toWeb(incoming) as ReadableStream<Uint8Array> };
  // It has no body; reading to the end frees the connection.
  incoming.resume();
  return { status, headers, body: null };
}
