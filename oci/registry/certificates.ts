import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as tls from "node:tls";
import { failure, success, type Result } from "../core/error.ts";
import { configFolder, readSmallFile } from "../credentials/dockerConfig.ts";
import { createLru } from "../source/lru.ts";
import type { Machine } from "../source/machine.ts";
import type { CertificateSet } from "./address.ts";
import { registryUnreachable } from "./errors.ts";

/** Certificates that the user configured for registries. */
export interface RegistryCertificates {
  /** The certificates for a registry as references name it; undefined if there are none. */
  find(registry: string): Promise<Result<CertificateSet | undefined>>;
}

/** Never reads the user's files. */
export const noCertificates: RegistryCertificates = { find: () => Promise.resolve(success(undefined)) };

/**
 * Reads certificates from the `certs.d/HOST[:PORT]` folders of Docker and Podman, the system's and the user's. They are
 * read again after a second, so that a new one takes effect at once.
 * @see https://docs.docker.com/engine/security/certificates/
 */
export function createCertificates(machine: Machine): RegistryCertificates {
  const recent = createLru<string, { readonly atMs: number; readonly found: FoundCertificates }>(100, () => 1);
  return {
    find(registry) {
      const known = recent.get(registry);
      if (known && Date.now() - known.atMs < freshMs) return known.found;
      const found = readCertificates(machine, registry);
      recent.set(registry, { atMs: Date.now(), found });
      return found;
    },
  };
}

const freshMs = 1000;

type FoundCertificates = ReturnType<RegistryCertificates["find"]>;

async function readCertificates(machine: Machine, registry: string): FoundCertificates {
  const sets: CertificateSet[] = [];
  for (const folder of foldersOf(machine, registry)) {
    const set = await readFolder(folder);
    if ("problem" in set) return failure(registryUnreachable(registry, `can't be contacted: ${set.problem}`));
    sets.push(set);
  }
  const [authorities, clients] = [sets.flatMap((set) => set.authorities), sets.flatMap((set) => set.clients)];
  return success(authorities.length + clients.length === 0 ? undefined : { authorities, clients });
}

/** The certificates trusted by default: Node's, the system's if enabled, and NODE_EXTRA_CA_CERTS. */
export function trustedCertificates(): readonly string[] {
  // Available since Node 22.15; a bundle runs on older versions too.
  const { getCACertificates } = tls as Partial<Pick<typeof tls, "getCACertificates">>;
  return (
    getCACertificates?.("default") ?? [
      ...tls.rootCertificates,
      ...extraCertificates(process.env["NODE_EXTRA_CA_CERTS"]),
    ]
  );
}

/** The extra certificates. They are read again here because older versions of Node don't expose them. */
function extraCertificates(path: string | undefined): readonly string[] {
  if (!path) return [];
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    // Node warns at startup if it couldn't read the file.
    return [];
  }
}

/**
 * The folders with a registry's certificates.
 * @see moby registry/config_unix.go and config_windows.go (Windows folder names can't contain a colon),
 * containers-certs.d(5)
 */
function foldersOf(machine: Machine, registry: string): readonly string[] {
  const { env, homedir, platform } = machine;
  if (platform === "win32")
    return [join(env["ProgramData"] ?? "C:\\ProgramData", "docker"), configFolder(machine)].map((folder) =>
      join(folder, "certs.d", registry.replaceAll(":", "")),
    );
  const own = env["XDG_CONFIG_HOME"] || join(homedir, ".config");
  return ["/etc/docker", "/etc/containers", join(own, "docker"), join(own, "containers"), configFolder(machine)].map(
    (folder) => join(folder, "certs.d", registry),
  );
}

const maxFiles = 100; // A folder has two or three.

async function readFolder(folder: string): Promise<CertificateSet | { readonly problem: string }> {
  const texts = new Map<string, string | undefined>();
  for (const name of (await namesIn(folder)).slice(0, maxFiles)) {
    const file = await readSmallFile(join(folder, name));
    // A file that only the engine may read is skipped; if the registry requires it, the registry reports that itself.
    texts.set(name, file.state === "read" ? file.text : undefined);
  }
  const authorities = [...texts].flatMap(([name, text]) => (name.endsWith(".crt") && text !== undefined ? [text] : []));
  const clients: { readonly certificate: string; readonly key: string }[] = [];
  for (const [name, certificate] of texts) {
    if (!name.endsWith(".cert")) continue;
    const keyName = name.replace(/cert$/, "key");
    if (!texts.has(keyName))
      return {
        problem: `${join(folder, name)} is a client certificate without its ${keyName}; name an authority's certificate *.crt`,
      };
    const key = texts.get(keyName);
    if (certificate !== undefined && key !== undefined) clients.push({ certificate, key });
  }
  return { authorities, clients };
}

/** The file names in order; empty if the folder doesn't exist or can't be read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /\.(crt|cert|key)$/.test(name)).sort();
}
