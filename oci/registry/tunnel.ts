import { request as requestHttp } from "node:http";
import { Agent, request as requestHttps, type AgentOptions } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions } from "node:tls";
import { ProxyError } from "./proxy.ts";

// A proxy in the own network answers in milliseconds, and has to look up and reach the host first.
const timeoutMs = 15_000;

/** Connects to https hosts through a proxy, by CONNECT: the proxy sees which host is meant, and nothing of what is said. Connections are kept. */
export function createTunnelAgent(proxy: URL): Agent {
  return new TunnelAgent(proxy);
}

class TunnelAgent extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  override createConnection(
    options: AgentOptions & ConnectionOptions,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    openTunnel(this.#proxy, options, (error, socket) => {
      // Node's types want a stream beside an error; its agent looks at the error first.
      if (!socket) return done?.(error ?? new ProxyError("PROXY_REFUSED", "no tunnel"), undefined as never);
      const secure = connect({ ...options, socket, servername: options.servername ?? options.host ?? "" });
      secure.once("error", (failure) => socket.destroy(failure));
      done?.(null, secure);
    });
    return undefined;
  }
}

type Opened = (error: Error | undefined, socket?: Socket) => void;

function openTunnel(proxy: URL, { host, port }: ConnectionOptions, opened: Opened): void {
  const isTls = proxy.protocol === "https:";
  const target = `${host?.includes(":") ? `[${host}]` : (host ?? "")}:${port ?? 443}`;
  const request = (isTls ? requestHttps : requestHttp)({
    method: "CONNECT",
    hostname: proxy.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: proxy.port || (isTls ? 443 : 80),
    path: target,
    headers: { host: target, ...authorizationOf(proxy) },
    agent: false,
    timeout: timeoutMs,
  });
  request.once("connect", ({ statusCode }, socket) => {
    if (statusCode === 200) return opened(undefined, socket);
    socket.destroy();
    opened(
      statusCode === 407
        ? new ProxyError("PROXY_LOGIN", "the proxy requires a login")
        : new ProxyError("PROXY_REFUSED", `the proxy answered ${statusCode}`),
    );
  });
  request.once("timeout", () => request.destroy(new ProxyError("PROXY_TIMEOUT", "the proxy is not responding")));
  request.once("error", (error) =>
    opened(error instanceof ProxyError ? error : new ProxyError("PROXY_UNREACHABLE", error.message)),
  );
  request.end();
}

/** The login that stands in a proxy's address. */
export function authorizationOf({ username, password }: URL): { readonly "proxy-authorization"?: string } {
  if (username === "") return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A percent sign that escapes nothing stays. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"));
}
