import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Where a registry's API is, and how carefully it must be spoken to. */
export interface RegistryAddress {
  /** As references name it: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** `https://registry-1.docker.io`. */
  readonly origin: string;
  /** Plain HTTP is allowed: a registry of this machine, or one that the user listed. */
  readonly isInsecure: boolean;
  /** What the user has laid down for it. */
  readonly certificates?: CertificateSet;
  /** Where to try TLS first; present if `origin` is plain HTTP. */
  readonly tlsOrigin?: string;
  /** Its certificate isn't checked: a registry that the user listed as insecure. @see https://docs.docker.com/reference/cli/dockerd/#insecure-registries */
  readonly acceptsAnyCertificate?: true;
}

/** PEM texts. */
export interface CertificateSet {
  /** Trusted beside those of the system. */
  readonly authorities: readonly string[];
  /** Shown to the registry where it asks who is there. */
  readonly clients: readonly { readonly certificate: string; readonly key: string }[];
}

/** Something that is asked of a registry. */
export interface RegistryResource {
  /** As references name it. */
  readonly registry: string;
  /** Absent for what belongs to no repository: the registry's list of them. */
  readonly repository?: string;
  /** What is asked for, in the words of an error: `docker.io/library/alpine:3.20`. */
  readonly what: string;
}

/** Plain HTTP may go to this machine and to registries (`host` or `host:port`) that the user listed, unless there are certificates for it; only HTTPS everywhere else. Undefined for a name of the reference grammar that is no host: `[::::]`, `a:99999`. */
export function addressOf(
  registry: string,
  insecureRegistries: readonly string[],
  certificates: CertificateSet | undefined,
): RegistryAddress | undefined {
  // The API of Docker Hub is at another host than its name.
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
 * Why a registry may not send us to this URL, as its token service or by a redirect; undefined where it may. A registry is
 * named by whoever wrote the Dockerfile: it must not reach into the user's network or onto an unencrypted line.
 */
export function whyNotGoTo(target: URL, address: RegistryAddress): string | undefined {
  const { isInsecure, registry } = address;
  if (target.protocol !== "https:" && !(target.protocol === "http:" && isInsecure))
    return `${registry} refers to ${target.protocol}//${target.host}, which is not https`;
  if (target.username !== "" || target.password !== "") return `${registry} refers to a URL with a password in it`;
  if (isOwnHost(target, address)) return undefined;
  return isPrivate(target.hostname) ? `${registry} refers to ${target.host}, a local network address` : undefined;
}

/** Whether a URL is of the registry's own host; all names of this machine are one. */
export function isOwnHost({ hostname }: URL, { origin }: RegistryAddress): boolean {
  const own = new URL(origin).hostname;
  return hostname === own || (isLoopbackHost(own) && isLoopbackHost(hostname));
}

/** As {@link whyNotGoTo}, by the addresses that the host's name stands for: a public name may lead into the local network. What can't be resolved here is the proxy's to resolve, or fails by itself. */
export async function whyNotConnect(
  target: URL,
  address: RegistryAddress,
  resolve: (hostname: string) => Promise<readonly string[]> = resolveHost,
): Promise<string | undefined> {
  if (isOwnHost(target, address) || isIP(target.hostname.replace(/^\[(.*)\]$/, "$1")) !== 0) return undefined;
  const found = await resolve(target.hostname);
  const isOwnMachine = isLoopbackHost(new URL(address.origin).hostname);
  return found.some((one) => isPrivate(one) && !(isOwnMachine && isLoopbackHost(one)))
    ? `${address.registry} refers to ${target.host}, which is a local network address`
    : undefined;
}

async function resolveHost(hostname: string): Promise<readonly string[]> {
  try {
    return (await lookup(hostname, { all: true })).map((found) => found.address);
  } catch {
    // Connecting says why.
    return [];
  }
}

/** @see RFC 6761 §6.3, RFC 1122 §3.2.1.3 */
export function isLoopbackHost(hostname: string): boolean {
  // A dot at the end only says that the name is complete.
  return /(?:^|\.)localhost\.?$/.test(hostname) || inList(loopback, hostname);
}

function isPrivate(hostname: string): boolean {
  return isLoopbackHost(hostname) || inList(privateNetworks, hostname);
}

const loopback = listOf([
  ["127.0.0.0", 8],
  ["::1", 128],
]);

/** Networks that are not the public internet, or lead to any IPv4 address by another name. @see RFC 6890 and the IANA special-purpose address registries */
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

/** IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) are in the list when the IPv4 address is. */
function inList(list: BlockList, hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}
