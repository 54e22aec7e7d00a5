// A registry of images on loopback. By hand: node test/rig/registry/registry.ts [token]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startDaemon, whenReady } from "../engines/daemon.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { needPrograms, systemPrograms } from "../machine/systemPackages.ts";
import { startTokenService, type TokenService } from "./tokenService.ts";

export interface Registry {
  /** 127.0.0.1:PORT, as in an image reference. Engines use plain HTTP on loopback. */
  readonly host: string;
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Lines "user:bcrypt-hash" as written by htpasswd -B; without them, no login is required. */
  readonly htpasswd?: string;
  /** The service that issues the registry's tokens; it must already be running. */
  readonly tokens?: TokenService;
}

/** Starts an empty registry on a free port; its images are deleted with it. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  await needPrograms([systemPrograms.registry]);
  const folder = await temporaryFolder("registry");
  const config = join(folder.path, "config.yml");
  await mkdir(join(folder.path, "images"));
  // JSON is YAML, and doesn't need a library.
  await writeFile(config, JSON.stringify(await configuration(folder.path, options)));
  const daemon = await startDaemon("docker-registry", ["serve", config]);
  const host = await whenReady(daemon, "docker-registry", 20_000, () =>
    answering(/listening on (127\.0\.0\.1:\d+)/.exec(daemon.log())?.[1]),
  );
  return {
    host,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

async function configuration(folder: string, options: RegistryOptions): Promise<object> {
  const auth = await authentication(folder, options);
  return {
    version: "0.1",
    // The log says which port it chose.
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "images") }, delete: { enabled: true } },
    http: { addr: "127.0.0.1:0", secret: "used by this process only" },
    ...(auth === undefined ? {} : { auth }),
  };
}

async function authentication(folder: string, { htpasswd, tokens }: RegistryOptions): Promise<object | undefined> {
  if (htpasswd !== undefined) {
    const path = join(folder, "htpasswd");
    await writeFile(path, htpasswd);
    return { htpasswd: { realm: "imagewright", path } };
  }
  if (tokens === undefined) return undefined;
  const path = join(folder, "tokens.pem");
  await writeFile(path, tokens.certificate);
  return { token: { realm: tokens.realm, service: tokens.service, issuer: tokens.issuer, rootcertbundle: path } };
}

/** The host, once it is known and responds. */
async function answering(host: string | undefined): Promise<string | undefined> {
  if (host === undefined) return undefined;
  return fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2000) }).then(
    ({ status }) => (status === 200 || status === 401 ? host : undefined),
    () => undefined,
  );
}

if (import.meta.main) {
  const tokens = process.argv[2] === "token" ? await startTokenService({ user: "ada:tiny-secret" }) : undefined;
  const registry = await startRegistry(tokens ? { tokens } : {});
  console.log(`REGISTRY=${registry.host}`);
  if (tokens)
    console.log(`TOKENS=${tokens.realm}, user ada, password tiny-secret; anybody may pull what is below public/`);
  console.log("an empty registry, plain HTTP; Ctrl-C ends it and removes its images");
  await stayUntilInterrupted();
}
