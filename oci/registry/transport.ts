import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import { trustedCertificates } from "./certificates.ts";
import type { FindProxy } from "./proxy.ts";
import { authorizationOf, createTunnelAgent } from "./tunnel.ts";

/** A request to a single address. */
export interface TransportRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string;
  /** Certificates in addition to those that the machine trusts. */
  readonly tls?: TransportCertificates;
}

/** PEM texts. */
export interface TransportCertificates {
  readonly authorities: readonly string[];
  /** Sent to the server. */
  readonly clients: readonly { readonly certificate: string; readonly key: string }[];
  /** Accepts any certificate of the server. */
  readonly isUnchecked?: true;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Null if the response has none. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Sends requests without following redirects. Throws network errors. */
export interface Transport {
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
}

/**
 * Uses `fetch`, to which VS Code adds its proxy and certificates. Requests with a registry's own certificates go
 * through Node's client, since `fetch` can't use them.
 */
export function createFetchTransport(): Transport {
  const direct = createNodeTransport(() => undefined, "theHost's");
  return {
    async send(request, signal) {
      const { method, url, headers, body, tls } = request;
      if (tls && url.protocol === "https:") return direct.send(request, signal);
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
      if (url.protocol === "https:")
        return exchange(request, (take) =>
          requestHttps(url, { ...options, ...agentOption(proxy ? tunnelTo(proxy) : direct?.["https:"]) }, take),
        );
      if (proxy) return exchange(request, (take) => requestHttp(throughProxy(url, proxy, options), take));
      return exchange(request, (take) => requestHttp(url, { ...options, ...agentOption(direct?.["http:"]) }, take));
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
  return { method, headers: Object.fromEntries(headers), ...own };
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

async function exchange({ body }: TransportRequest, ask: Ask): Promise<TransportResponse> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    ask(resolve).on("error", reject).end(body);
  });
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    for (const value of values) headers.append(name, value);
  const stream = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
  return { status: incoming.statusCode ?? 0, headers, body: stream };
}
