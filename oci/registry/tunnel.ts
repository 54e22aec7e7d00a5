import { request as requestHttp } from "node:http";
import { Agent, request as requestHttps, type AgentOptions } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions } from "node:tls";
import { ProxyError } from "./proxy.ts";

// A proxy on the local network responds in milliseconds, but has to look up and reach the host first.
const timeoutMs = 15_000;

/**
 * Connects to https hosts through a proxy with CONNECT: the proxy sees the host but not the content. Connections are
 * kept open.
 */
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
      // Node's types require a stream along with an error; its agent checks the error first.
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

/** The login in a proxy's address. */
export function authorizationOf({ username, password }: URL): { readonly "proxy-authorization"?: string } {
  if (username === "") return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** Decodes percent escapes; an invalid one is kept. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"));
}
