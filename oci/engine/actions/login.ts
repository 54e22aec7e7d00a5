import type { ImageReference } from "../../core/reference.ts";
import { credentialKey, type Credential } from "../../credentials/file.ts";
import type { Credentials } from "../../credentials/credentials.ts";

/** What an engine is told to log in with at a registry. */
export interface EngineLogin {
  /** Value of `X-Registry-Auth`; an empty login where there is none, since pushing to Docker 20.10 wants one. */
  readonly registryAuth: string;
  /** Why there is no login although there may be one. */
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

/** Base64url with padding: without it Podman refuses the request, and Docker takes it for no login. @see https://docs.docker.com/reference/api/engine/version/v1.51/#section/Authentication */
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
