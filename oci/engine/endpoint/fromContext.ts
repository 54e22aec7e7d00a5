import { createHash } from "node:crypto";
import { join } from "node:path";
import { failure, type OciError, type Result } from "../../core/error.ts";
import { isRecord } from "../../core/text.ts";
import type { EngineConnection } from "./connection.ts";
import { configFolder, parseObject, readSmallFile } from "../../credentials/dockerConfig.ts";
import type { Machine } from "../../source/machine.ts";
import { connectionOf, type TlsChoice } from "./fromHost.ts";

/**
 * Returns the connection of a Docker context, from the CLI's store on disk.
 * @see https://docs.docker.com/engine/manage-resources/contexts/
 */
export async function connectionOfContext(name: string, machine: Machine): Promise<Result<EngineConnection>> {
  // The store's folders are named by the SHA-256 of the context's name, so that a name can't lead out of the store.
  const id = createHash("sha256").update(name).digest("hex");
  const store = join(configFolder(machine), "contexts");
  const path = join(store, "meta", id, "meta.json");
  const file = await readSmallFile(path);
  if (file.state === "absent") return failure(noContext(name, path));
  if (file.state === "unreadable") return failure(brokenContext(name, file.reason));
  const docker = dockerEndpoint(file.text);
  if (docker === undefined) return failure(brokenContext(name, `${path} has no Docker endpoint`));
  return connectionOf(docker.host, await tlsOf(join(store, "tls", id, "docker"), docker));
}

interface ContextEndpoint {
  readonly host: string;
  readonly skipsVerification: boolean;
}

function dockerEndpoint(text: string): ContextEndpoint | undefined {
  const endpoints = parseObject(text)?.["Endpoints"];
  const docker = isRecord(endpoints) ? endpoints["docker"] : undefined;
  if (!isRecord(docker) || typeof docker["Host"] !== "string" || docker["Host"] === "") return undefined;
  return { host: docker["Host"], skipsVerification: docker["SkipTLSVerify"] === true };
}

/**
 * The TLS settings of a context. It uses TLS if it has any TLS file or skips the verification (docker/cli,
 * cli/context/docker/load.go).
 */
async function tlsOf(folder: string, { skipsVerification }: ContextEndpoint): Promise<TlsChoice | undefined> {
  const files = await Promise.all(["ca", "cert", "key"].map((part) => readSmallFile(join(folder, `${part}.pem`))));
  const isTls = skipsVerification || files.some(({ state }) => state !== "absent");
  return isTls ? { folder, verifiesPeer: !skipsVerification } : undefined;
}

function noContext(name: string, path: string): OciError {
  return {
    kind: "notFound",
    what: `Docker context "${name}"`,
    message: `Docker context "${name}" does not exist (${path}); see "docker context ls" and DOCKER_CONTEXT`,
  };
}

function brokenContext(name: string, reason: string): OciError {
  return {
    kind: "unsupported",
    what: `Docker context "${name}"`,
    message: `the Docker context "${name}" is not usable: ${reason}; recreate it with "docker context create"`,
  };
}
