import {
  authEntry,
  credentialKey,
  isUndecodable,
  longestAuthEntry,
  readCredentialConfig,
  readPodmanAuths,
  type Credential,
} from "./file.ts";
import { askHelper, type HelperAnswer } from "./credentialHelper.ts";
import type { Machine } from "../source/machine.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import { ownEntry } from "../core/ownEntry.ts";

/** The user's logins at registries. */
export interface Credentials {
  /** The login for a registry; `problem` where one may exist and could not be had. Neither where there is none. */
  find(registry: string, repository: string, signal: AbortSignal): Promise<FoundCredential>;
}

export interface FoundCredential {
  readonly credential?: Credential;
  readonly problem?: string;
}

/** No login anywhere: in untrusted workspaces, and for tests. */
export const noCredentials: Credentials = { find: () => Promise.resolve({}) };

// Helpers are slow, and their tokens live for hours.
const helperCacheMs = 5 * 60 * 1000;

/**
 * Logins from DOCKER_AUTH_CONFIG, Docker's configuration with its helpers, and Podman's files, in this order. Files are read
 * and helpers asked only when a registry wants a login, and only for that registry. @see github.com/docker/cli cli/config/configfile/file.go
 */
export function createCredentials(machine: Machine): Credentials {
  const answers = new Map<string, { readonly answer: HelperAnswer; readonly expiresMs: number }>();
  const inFlight = createSingleFlight<HelperAnswer>();
  const helperAnswer = async (helper: string, key: string, signal: AbortSignal): Promise<HelperAnswer> => {
    const id = `${helper} ${key}`;
    const kept = answers.get(id);
    if (kept && kept.expiresMs > Date.now()) return kept.answer;
    const answer = await inFlight.run(id, (shared) => askHelper(helper, key, machine, shared), signal);
    // A failure may be over the next time.
    if ("credential" in answer) answers.set(id, { answer, expiresMs: Date.now() + helperCacheMs });
    return answer;
  };
  return {
    async find(registry, repository, signal) {
      const key = credentialKey(registry);
      const { environment, file } = await readCredentialConfig(machine);
      const fromEnvironment = authEntry(environment, key);
      if (fromEnvironment) return { credential: fromEnvironment };
      const helper = ownEntry(file.credentialHelpers, key) ?? file.credentialStore;
      const answer = helper === undefined ? undefined : await helperAnswer(helper, key, signal);
      if (answer && "credential" in answer && answer.credential) return { credential: answer.credential };
      const credential =
        authEntry(file.auths, key) ?? longestAuthEntry(await readPodmanAuths(machine), registry, repository);
      if (credential) return { credential };
      const told = answer && "problem" in answer ? answer.problem : file.problem;
      return told === undefined ? undecodable([environment, file.auths], registry) : { problem: told };
    },
  };
}

/** Nothing where all logins for the registry can be read. */
function undecodable(auths: readonly Parameters<typeof isUndecodable>[0][], registry: string): FoundCredential {
  return auths.some((one) => isUndecodable(one, credentialKey(registry)))
    ? { problem: `the stored login (auth) for ${registry} can't be decoded; log in again` }
    : {};
}
