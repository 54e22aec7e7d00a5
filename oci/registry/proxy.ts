import { BlockList, isIP } from "node:net";
import { ownEntry } from "../core/ownEntry.ts";
import { isLoopbackHost } from "./address.ts";

/** The proxy for a request; undefined if it goes straight to its host. */
export type FindProxy = (url: URL) => URL | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the proxies in HTTPS_PROXY, HTTP_PROXY and NO_PROXY, also in lower case, as Go and therefore Docker do: never
 * for this machine itself. Throws a {@link ProxyError} for a proxy that isn't a valid address.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
export function proxiesOf(env: Environment): FindProxy {
  const exceptions = exceptionsOf(env["NO_PROXY"] || env["no_proxy"] || "");
  return (url) => {
    const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
    const written = ownEntry(env, name) || ownEntry(env, name.toLowerCase()) || "";
    if (written === "" || isLoopbackHost(url.hostname) || exceptions.some((isExcepted) => isExcepted(url)))
      return undefined;
    const proxy = addressIn(written);
    if (proxy) return proxy;
    throw new ProxyError("PROXY_ADDRESS", `${name} isn't the address of an HTTP proxy`);
  };
}

/** A proxy that can't be used. The words for `code` are in networkReasons.ts. */
export class ProxyError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function addressIn(written: string): URL | undefined {
  const text = written.includes("://") ? written : `http://${written}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && (url.protocol === "http:" || url.protocol === "https:") ? url : undefined;
}

type Exception = (url: URL) => boolean;

// Company lists have a few hundred entries.
const maxExceptions = 10_000;

function exceptionsOf(list: string): readonly Exception[] {
  return list
    .split(/[\s,]+/, maxExceptions)
    .filter((entry) => entry !== "")
    .map((entry) => exceptionOf(entry.toLowerCase()));
}

/**
 * Parses `*`, an address, a network (`10.0.0.0/8`), a domain with its subdomains (`example.com`), or only its
 * subdomains (`.example.com`, `*.example.com`), each with or without a port.
 */
function exceptionOf(entry: string): Exception {
  if (entry === "*") return () => true;
  const network = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry);
  if (network) return inNetwork(network[1] ?? "", Number(network[2]));
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const host = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*(?=\.)/, "");
  return (url) => {
    if (port !== undefined && port !== portOf(url)) return false;
    const hostname = bareHost(url);
    return host.startsWith(".") ? hostname.endsWith(host) : hostname === host || hostname.endsWith(`.${host}`);
  };
}

function inNetwork(address: string, prefix: number): Exception {
  const list = new BlockList();
  const version = isIP(address);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return () => false;
  list.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  return (url) => {
    const host = bareHost(url);
    return isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
  };
}

function bareHost({ hostname }: URL): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === "https:" ? "443" : "80");
}
