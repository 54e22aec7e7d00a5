// The code that contacts registries. Loaded when the first one, or a login for one, is needed.
import { createCredentials, type Credentials } from "../../../oci/credentials/credentials.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import { createCertificates } from "../../../oci/registry/certificates.ts";
import { createRegistrySource, type RegistrySource } from "../../../oci/registry/registry.ts";

export function openRegistries(credentials: Credentials, insecureRegistries: readonly string[]): RegistrySource {
  return createRegistrySource({
    credentials,
    certificates: createCertificates(machineEnvironment()),
    insecureRegistries,
  });
}

/** The logins in Docker's and Podman's configuration on this machine. */
export function openCredentials(): Credentials {
  return createCredentials(machineEnvironment());
}
