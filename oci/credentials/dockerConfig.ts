import { join } from "node:path";
import { isRecord } from "../core/text.ts";
import { readBounded } from "../files/readBounded.ts";
import type { Machine } from "../source/machine.ts";

/**
 * The used parts of Docker's `config.json`, each `unknown` part checked.
 * @see https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
export interface DockerConfig {
  readonly currentContext?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentialStore?: string;
  /** Registry → helper's name. */
  readonly credentialHelpers: Readonly<Record<string, string>>;
  /** Registry → its entry, still undecoded. */
  readonly auths: Readonly<Record<string, unknown>>;
  /** The reason why an existing file couldn't be read. Everything else is empty then, as in the docker CLI. */
  readonly problem?: string;
}

/** Docker's configuration folder: DOCKER_CONFIG names a folder, not a file. */
export function configFolder({ env, homedir }: Machine): string {
  return env["DOCKER_CONFIG"] || join(homedir, ".docker");
}

export async function readDockerConfig(machine: Machine): Promise<DockerConfig> {
  const path = join(configFolder(machine), "config.json");
  const file = await readSmallFile(path);
  if (file.state === "absent") return emptyConfig;
  if (file.state === "unreadable") return { ...emptyConfig, problem: file.reason };
  const json = parseObject(file.text);
  return json ? decodeConfigFile(json) : { ...emptyConfig, problem: `${path} is not a JSON object` };
}

/** Decodes the part that `config.json` and DOCKER_AUTH_CONFIG share, and the rest if present. */
export function decodeConfigFile(json: Readonly<Record<string, unknown>>): DockerConfig {
  const context = json["currentContext"];
  const store = json["credsStore"];
  return {
    headers: stringsOf(json["HttpHeaders"]),
    credentialHelpers: stringsOf(json["credHelpers"]),
    auths: isRecord(json["auths"]) ? json["auths"] : {},
    ...(typeof context === "string" && context !== "" ? { currentContext: context } : {}),
    ...(typeof store === "string" && store !== "" ? { credentialStore: store } : {}),
  };
}

export type SmallFile =
  | { readonly state: "read"; readonly text: string }
  | { readonly state: "absent" }
  | { readonly state: "unreadable"; readonly reason: string };

/** Configurations, contexts and certificates are a few kB. A larger file is something else. */
const maxFileBytes = 4 * 1024 * 1024;

/** Reads a file of at most 4 MiB. A device, a pipe or a longer file is reported as "unreadable" without reading it. */
export async function readSmallFile(path: string): Promise<SmallFile> {
  const file = await readBounded(path, { maxBytes: maxFileBytes });
  switch (file.state) {
    case "absent":
      return { state: "absent" };
    case "refused":
      return { state: "unreadable", reason: `${path} can't be read: ${file.reason}` };
    case "read":
      return { state: "read", text: file.bytes.toString("utf8") };
  }
}

/** The JSON object in the text; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const emptyConfig: DockerConfig = { headers: {}, credentialHelpers: {}, auths: {} };

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
