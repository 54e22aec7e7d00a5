import { join } from "node:path";
import { isRecord } from "../core/text.ts";
import { decodeConfigFile, parseObject, readDockerConfig, readSmallFile, type DockerConfig } from "./dockerConfig.ts";
import type { Machine } from "../source/machine.ts";
import { ownEntry } from "../core/ownEntry.ts";

/** A registry login. Never printed and never part of an error. */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Exchanged for an access token at the registry's token service. */
  | { readonly kind: "identityToken"; readonly token: string }
  /** Sent to the registry unchanged. */
  | { readonly kind: "registryToken"; readonly token: string };

/** The key of Docker Hub's login, for historical reasons. */
const dockerHubKey = "https://index.docker.io/v1/";

/** The name under which Docker keeps a registry's login: Hub's URL for docker.io, else the host with its port. */
export function credentialKey(registry: string): string {
  return ["docker.io", "index.docker.io", "registry-1.docker.io"].includes(registry) ? dockerHubKey : registry;
}

/**
 * Docker's configuration, with the logins of DOCKER_AUTH_CONFIG taking precedence, as the docker CLI merges them.
 * `problem` names what of both can't be read.
 */
export async function readCredentialConfig(machine: Machine): Promise<{
  readonly environment: DockerConfig["auths"];
  readonly file: DockerConfig;
  readonly problem?: string;
}> {
  const written = machine.env["DOCKER_AUTH_CONFIG"];
  // Empty is as good as unset, as in the docker CLI.
  const json = written ? parseObject(written) : {};
  const file = await readDockerConfig(machine);
  const problems = [json ? undefined : "DOCKER_AUTH_CONFIG is not a JSON object", file.problem].filter(
    (problem) => problem !== undefined,
  );
  return {
    environment: json ? decodeConfigFile(json).auths : {},
    file,
    ...(problems.length > 0 && { problem: problems.join("; ") }),
  };
}

/** Podman's logins, in its search order: REGISTRY_AUTH_FILE, the session's, the user's. Keys may name repositories. */
export async function readPodmanAuths({ env, homedir }: Machine): Promise<DockerConfig["auths"]> {
  const runtime = env["XDG_RUNTIME_DIR"];
  const named = env["REGISTRY_AUTH_FILE"];
  const paths = named
    ? [named]
    : [
        ...(runtime ? [join(runtime, "containers", "auth.json")] : []),
        join(homedir, ".config", "containers", "auth.json"),
      ];
  for (const path of paths) {
    const file = await readSmallFile(path);
    const json = file.state === "read" ? parseObject(file.text) : undefined;
    if (json) return decodeConfigFile(json).auths;
  }
  return {};
}

/** The entry for a key. Old entries are URLs, of which only the host counts. */
export function authEntry(auths: DockerConfig["auths"], key: string): Credential | undefined {
  const exact = ownEntry(auths, key);
  if (exact !== undefined) return credentialOf(exact);
  const host = hostOf(key);
  const legacy = Object.entries(auths).find(([name]) => hostOf(name) === host);
  return legacy && credentialOf(legacy[1]);
}

/** The entry for the longest part of `host/repository` that has one. */
export function longestAuthEntry(
  auths: DockerConfig["auths"],
  registry: string,
  repository: string,
): Credential | undefined {
  const parts = `${registry}/${repository}`.split("/");
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join("/");
    const credential = credentialOf(ownEntry(auths, key));
    if (credential) return credential;
  }
  return undefined;
}

/** True if the entry for a key has a login that can't be read. Docker would silently send none. */
export function isUndecodable(auths: DockerConfig["auths"], key: string): boolean {
  const host = hostOf(key);
  return Object.entries(auths).some(
    ([name, entry]) =>
      (name === key || hostOf(name) === host) &&
      isRecord(entry) &&
      typeof entry["auth"] === "string" &&
      entry["auth"] !== "" &&
      credentialOf(entry) === undefined,
  );
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";
}

/** The login of an entry. An empty entry in addition to a credential store is normal and isn't a login. */
function credentialOf(entry: unknown): Credential | undefined {
  if (!isRecord(entry)) return undefined;
  const text = (name: string): string => {
    const value = ownEntry(entry, name);
    return typeof value === "string" ? value : "";
  };
  if (text("registrytoken")) return { kind: "registryToken", token: text("registrytoken") };
  if (text("identitytoken")) return { kind: "identityToken", token: text("identitytoken") };
  // Docker pads with NUL bytes in some old files.
  const decoded = Buffer.from(text("auth"), "base64").toString("utf8").replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  if (colon > 0) return { kind: "basic", username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  return text("username") ? { kind: "basic", username: text("username"), password: text("password") } : undefined;
}
