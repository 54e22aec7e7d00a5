import { createCredentials } from "../../oci/source/credentials.ts";
import { processSurroundings } from "../../oci/source/localEngine.ts";
import { createRegistrySource, type RegistrySource } from "../../oci/source/registry.ts";

/** Registries with the credentials of the user's Docker configuration. */
export function openRegistries(insecureRegistries: readonly string[]): RegistrySource {
  return createRegistrySource({ credentials: createCredentials(processSurroundings()), insecureRegistries });
}
