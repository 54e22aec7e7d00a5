import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { failure, success, type Result } from "../../core/error.ts";
import { configFolder, parseObject, readDockerConfig, readSmallFile } from "../../credentials/dockerConfig.ts";
import { diskProblem } from "../../files/diskProblem.ts";
import type { Machine } from "../../source/machine.ts";
import { connectionOfContext } from "./fromContext.ts";

/** A context of the docker CLI, as `docker context ls` shows it. */
export interface DockerContext {
  readonly name: string;
  /** True if docker's own commands would use it now. */
  readonly isCurrent: boolean;
  /** The endpoint of its engine, without credentials, or the reason why it can't be determined. */
  readonly endpoint: { readonly ok: true; readonly host: string } | { readonly ok: false; readonly reason: string };
}

/** People have a handful; a folder with more contains something else. */
const maxContexts = 200;

/**
 * Lists the docker CLI's contexts by name; those that aren't usable have a reason. Reads files and contacts no engine.
 * The context "default", which stands for DOCKER_HOST or the default socket and has no file, is left out.
 */
export async function listContexts(machine: Machine): Promise<Result<readonly DockerContext[]>> {
  const folder = join(configFolder(machine), "contexts", "meta");
  const names = await namesIn(folder);
  if (!names.ok) return names;
  const ids = names.value.filter((id) => /^[0-9a-f]{64}$/.test(id)).slice(0, maxContexts);
  const current = await currentContext(machine);
  const stored = await Promise.all(ids.map((id) => storedName(folder, id)));
  const all = new Set([...stored, ...(current === undefined ? [] : [current])]);
  const contexts = await Promise.all([...all].map((name) => describe(name, name === current, machine)));
  return success(contexts.sort((a, b) => a.name.localeCompare(b.name)));
}

/** The names in the folder, which only exists once a context has been made. */
async function namesIn(folder: string): Promise<Result<readonly string[]>> {
  try {
    return success(await readdir(folder));
  } catch (error) {
    const reason = diskProblem(error);
    return reason === undefined
      ? success([])
      : failure({ kind: "unsupported", what: folder, message: `${folder} can't be read: ${reason}` });
  }
}

/** The context used by default; undefined for the one named "default", which DOCKER_HOST selects too. */
async function currentContext(machine: Machine): Promise<string | undefined> {
  const { env } = machine;
  if (env["DOCKER_HOST"]?.trim()) return undefined;
  const name = env["DOCKER_CONTEXT"] || (await readDockerConfig(machine)).currentContext;
  return name === "default" ? undefined : name;
}

/** The name in the file if the folder is named after it; otherwise the folder's name, under which lookups fail. */
async function storedName(folder: string, id: string): Promise<string> {
  const file = await readSmallFile(join(folder, id, "meta.json"));
  const name = file.state === "read" ? parseObject(file.text)?.["Name"] : undefined;
  return typeof name === "string" && createHash("sha256").update(name).digest("hex") === id ? name : id.slice(0, 12);
}

async function describe(name: string, isCurrent: boolean, machine: Machine): Promise<DockerContext> {
  const connection = await connectionOfContext(name, machine);
  return {
    name,
    isCurrent,
    endpoint: connection.ok
      ? { ok: true, host: connection.value.endpoint }
      : { ok: false, reason: connection.error.message },
  };
}
