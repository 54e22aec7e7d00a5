import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { once } from "../async/once.ts";

/** The user's logins. What reads them is loaded when a registry wants one. */
export function createLazyCredentials(): Credentials {
  const load = once(async () => (await import("./registryAccess.ts")).openCredentials());
  return { find: async (registry, repository, signal) => (await load()).find(registry, repository, signal) };
}
