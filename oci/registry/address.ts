import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** The address of a registry's API, and the security required for it. */
export interface RegistryAddress {
  /** The name used in references: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** `https://registry-1.docker.io`. */
  readonly origin: string;
  /** True if plain HTTP is allowed: for a registry on this machine, or one that the user listed. */
  readonly isInsecure: boolean;
  /** Certificates that the user configured for it. */
  readonly certificates?: CertificateSet;
  /** The origin to try with TLS first; present if `origin` is plain HTTP. */
  readonly tlsOrigin?: string;
  /** Set if it isn't known whether this origin responds: it gets a short time, and its silence isn't remembered. */
  readonly isProbe?: true;
  /**
   * Set if its certificate isn't checked, because the user listed the registry as insecure.
   * @see https://docs.docker.com/reference/cli/dockerd/#insecure-registries
   */
  readonly acceptsAnyCertificate?: true;
}

/** Certificates and keys as PEM texts. */
export interface CertificateSet {
  /** Trusted in addition to the system's. */
  readonly authorities: readonly string[];
  /** Sent if the registry requests a client certificate. */
  readonly clients: readonly { readonly certificate: string; readonly key: string }[];
}

/** A resource requested from a registry. */
export interface RegistryResource {
  /** The name used in references. */
  readonly registry: string;
  /** Absent for resources outside any repository: the registry's list of them. */
  readonly repository?: string;
  /** The subject of the request, as errors name it: `docker.io/library/alpine:3.20`. */
  readonly what: string;
}

/**
 * Returns a registry's address. Plain HTTP is allowed for this machine and for registries (`host` or `host:port`) that
 * the user listed, unless there are certificates for them; otherwise only HTTPS. Undefined for a name that the
 * reference grammar allows but that isn't a host: `[::::]`, `a:99999`.
 */
export function addressOf(
  registry: string,
  insecureRegistries: readonly string[],
  certificates: CertificateSet | undefined,
): RegistryAddress | undefined {
  // The API of Docker Hub has a different host name.
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  if (!URL.canParse(`https://${host}`)) return undefined;
  const { hostname } = new URL(`https://${host}`);
  if (certificates) return { registry, origin: `https://${host}`, isInsecure: false, certificates };
  const isListed =
    insecureRegistries.includes(registry) || insecureRegistries.includes(registry.replace(/:[0-9]+$/, ""));
  if (!isListed && !isLoopbackHost(hostname)) return { registry, origin: `https://${host}`, isInsecure: false };
  return {
    registry,
    origin: `http://${host}`,
    isInsecure: true,
    tlsOrigin: `https://${host}`,
    ...(isListed && { acceptsAnyCertificate: true }),
  };
}

/**
 * The reason why a registry may not send us to this URL, as its token service or by a redirect; undefined if it may.
 * The author of the Dockerfile chose the registry, so it must not access the user's network or an unencrypted
 * connection.
 */
export function whyNotGoTo(target: URL, address: RegistryAddress): string | undefined {
  const { isInsecure, registry } = address;
  if (target.protocol !== "https:" && !(target.protocol === "http:" && isInsecure))
    return `${registry} refers to ${target.protocol}//${target.host}, which is not https`;
  if (target.username !== "" || target.password !== "") return `${registry} refers to a URL with a password in it`;
  if (isOwnHost(target, address)) return undefined;
  return isPrivate(target.hostname) ? `${registry} refers to ${target.host}, a local network address` : undefined;
}

/** True if a URL is on the registry's own host. All names of this machine count as one host. */
export function isOwnHost({ hostname }: URL, { origin }: RegistryAddress): boolean {
  const own = new URL(origin).hostname;
  return hostname === own || (isLoopbackHost(own) && isLoopbackHost(hostname));
}

/** The addresses of a host that were checked; absent if any may be connected to. */
export interface CheckedHost {
  readonly addresses?: readonly string[];
}

/**
 * As {@link whyNotGoTo}, for the addresses of the host's name: a public name may lead into the local network. Only the
 * addresses that were checked may then be connected to, as the name may lead elsewhere a moment later. Without any, the
 * name can't be resolved here: it is left to the proxy, or fails to connect.
 */
export async function checkHost(
  target: URL,
  address: RegistryAddress,
  resolve: ResolveHost = resolveHost,
): Promise<CheckedHost | { readonly problem: string }> {
  if (isOwnHost(target, address) || isIP(withoutBrackets(target.hostname)) !== 0) return {};
  const addresses = await resolve(target.hostname);
  const isOwnMachine = isLoopbackHost(new URL(address.origin).hostname);
  return addresses.some((one) => isPrivate(one) && !(isOwnMachine && isLoopbackHost(one)))
    ? { problem: `${address.registry} refers to ${target.host}, which is a local network address` }
    : { addresses };
}

/** Resolves a name to its addresses; to none if it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

async function resolveHost(hostname: string): Promise<readonly string[]> {
  try {
    return (await lookup(hostname, { all: true })).map((found) => found.address);
  } catch {
    // Connecting will report the problem.
    return [];
  }
}

/** True if a host is this machine. @see RFC 6761 §6.3, RFC 1122 §3.2.1.3 */
export function isLoopbackHost(hostname: string): boolean {
  // A trailing dot only marks the name as complete.
  return /(?:^|\.)localhost\.?$/.test(hostname) || inList(loopback, hostname);
}

function isPrivate(hostname: string): boolean {
  return isLoopbackHost(hostname) || inList(privateNetworks, hostname);
}

const loopback = listOf([
  ["127.0.0.0", 8],
  ["::1", 128],
]);

/**
 * Networks that aren't the public internet, or that map to any IPv4 address under another name.
 * @see RFC 6890 and the IANA special-purpose address registries
 */
const privateNetworks = listOf([
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
]);

function listOf(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, isIP(network) === 6 ? "ipv6" : "ipv4");
  return list;
}

/**
 * True if the host is in the list. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is in it if the IPv4 address is.
 */
function inList(list: BlockList, hostname: string): boolean {
  const address = withoutBrackets(hostname);
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
