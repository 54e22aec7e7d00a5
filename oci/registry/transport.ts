import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import { trustedCertificates } from "./certificates.ts";
import type { FindProxy } from "./proxy.ts";
import { authorizationOf, createTunnelAgent } from "./tunnel.ts";

/** A request as it goes over the network, to one address. */
export interface TransportRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string;
  /** Certificates beside those that the machine trusts anyway. */
  readonly tls?: TransportCertificates;
}

/** PEM texts. */
export interface TransportCertificates {
  readonly authorities: readonly string[];
  /** Shown to the server. */
  readonly clients: readonly { readonly certificate: string; readonly key: string }[];
  /** Whatever the server shows is accepted. */
  readonly isUnchecked?: true;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Null if the answer has none. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Sends requests, one hop each: no redirect is followed. Throws what the network throws. */
export interface Transport {
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
}

/** By `fetch`, into which VS Code puts its proxy and certificates. It takes no certificates of a registry's own; those requests go by Node's client. */
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

/** By Node's client, through the proxies that `findProxy` names. Takes less memory than `fetch`, and finds proxies on every Node. "theHost's" agents are those of the process, which VS Code may have replaced. */
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

/** Plain HTTP is not tunnelled: the proxy gets the whole address. */
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
