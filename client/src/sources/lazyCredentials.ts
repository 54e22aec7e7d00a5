import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { once } from "../async/once.ts";

/** The user's logins. Their reader is loaded when a registry requires one. */
export function createLazyCredentials(): Credentials {
  const load = once(async () => (await import("./registryAccess.ts")).openCredentials());
  return { find: async (registry, repository, signal) => (await load()).find(registry, repository, signal) };
}
