import type { ImageReference } from "../../core/reference.ts";
import { credentialKey, type Credential } from "../../credentials/file.ts";
import type { Credentials } from "../../credentials/credentials.ts";

/** The registry login that an engine is given. */
export interface EngineLogin {
  /**
   * The value of `X-Registry-Auth`. Without a login it is an empty one, since pushing with Docker 20.10 requires it.
   */
  readonly registryAuth: string;
  /** The reason why there is no login although one may exist. */
  readonly problem?: string;
}

export async function engineLogin(
  { registry, repository }: ImageReference,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<EngineLogin> {
  const { credential, problem } = await credentials.find(registry, repository, signal);
  return {
    registryAuth: header(credential ? { ...loginOf(credential), serveraddress: credentialKey(registry) } : {}),
    ...(problem !== undefined && { problem }),
  };
}

/**
 * Encodes in base64url with padding. Without padding, Podman refuses the request and Docker ignores the login.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#section/Authentication
 */
function header(login: object): string {
  return Buffer.from(JSON.stringify(login)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

function loginOf(credential: Credential): object {
  switch (credential.kind) {
    case "basic":
      return { username: credential.username, password: credential.password };
    case "identityToken":
      return { identitytoken: credential.token };
    case "registryToken":
      return { registrytoken: credential.token };
    default:
      return credential satisfies never;
  }
}
