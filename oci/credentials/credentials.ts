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

/** The user's registry logins. */
export interface Credentials {
  /**
   * Finds the login for a registry; `problem` if one may exist but couldn't be read. Both are absent if there is no
   * login.
   */
  find(registry: string, repository: string, signal: AbortSignal): Promise<FoundCredential>;
}

export interface FoundCredential {
  readonly credential?: Credential;
  readonly problem?: string;
}

/** Never returns a login; for untrusted workspaces and tests. */
export const noCredentials: Credentials = { find: () => Promise.resolve({}) };

// Helpers are slow, and their tokens live for hours.
const helperCacheMs = 5 * 60 * 1000;

/**
 * Reads logins from DOCKER_AUTH_CONFIG, Docker's configuration with its helpers, and Podman's files, in this order.
 * Files are read and helpers run only when a registry requires a login, and only for that registry.
 * @see github.com/docker/cli cli/config/configfile/file.go
 */
export function createCredentials(machine: Machine): Credentials {
  const answers = new Map<string, { readonly answer: HelperAnswer; readonly expiresMs: number }>();
  const inFlight = createSingleFlight<HelperAnswer>();
  const helperAnswer = async (helper: string, key: string, signal: AbortSignal): Promise<HelperAnswer> => {
    const id = `${helper} ${key}`;
    const kept = answers.get(id);
    if (kept && kept.expiresMs > Date.now()) return kept.answer;
    const answer = await inFlight.run(id, (shared) => askHelper(helper, key, machine, shared), signal);
    // The next attempt may succeed.
    if ("credential" in answer) answers.set(id, { answer, expiresMs: Date.now() + helperCacheMs });
    return answer;
  };
  return {
    async find(registry, repository, signal) {
      const key = credentialKey(registry);
      const { environment, file, problem } = await readCredentialConfig(machine);
      const fromEnvironment = authEntry(environment, key);
      if (fromEnvironment) return { credential: fromEnvironment };
      const helper = ownEntry(file.credentialHelpers, key) ?? file.credentialStore;
      const answer = helper === undefined ? undefined : await helperAnswer(helper, key, signal);
      if (answer && "credential" in answer && answer.credential) return { credential: answer.credential };
      const credential =
        authEntry(file.auths, key) ?? longestAuthEntry(await readPodmanAuths(machine), registry, repository);
      if (credential) return { credential };
      const told = answer && "problem" in answer ? answer.problem : problem;
      return told === undefined ? undecodable([environment, file.auths], registry) : { problem: told };
    },
  };
}

/** The problem with an undecodable login; undefined if all logins for the registry can be read. */
function undecodable(auths: readonly Parameters<typeof isUndecodable>[0][], registry: string): FoundCredential {
  return auths.some((one) => isUndecodable(one, credentialKey(registry)))
    ? { problem: `the stored login (auth) for ${registry} can't be decoded; log in again` }
    : {};
}
