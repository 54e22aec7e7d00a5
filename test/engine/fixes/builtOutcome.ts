import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { buildByApi, type BuildRequest } from "../../rig/engines/build.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";

interface Engine {
  readonly socketPath: string;
}

/**
 * The configuration, files and exit code of an image that is built, run once and removed; without the configuration
 * keys and paths in `about`.
 */
export async function builtOutcome(
  engine: Engine,
  request: BuildRequest,
  about: readonly string[],
  build: (engine: Engine, request: BuildRequest) => Promise<void> = buildByApi,
): Promise<unknown> {
  const { socketPath } = engine;
  const { tag } = request;
  await build(engine, { ...request, sharesNothing: true });
  const image = await json(socketPath, `/images/${tag}/json`);
  const config = Object.entries(image["Config"] as Readonly<Record<string, unknown>>);
  const container = await json(socketPath, "/containers/create", { Image: tag, HostConfig: { NetworkMode: "none" } });
  const id = String(container["Id"]);
  try {
    await askEngine(socketPath, { method: "POST", path: `/containers/${id}/start` });
    const exit = await json(socketPath, `/containers/${id}/wait`, {});
    const exported = await filesOf(await askEngine(socketPath, { path: `/containers/${id}/export` }));
    return {
      config: Object.fromEntries(config.filter(([key, value]) => keptConfig.has(key) && !about.includes(key) && value)),
      exit: exit["StatusCode"],
      files: exported.filter((path) => !about.some((part) => path.startsWith(part))),
    };
  } finally {
    await callEngine(socketPath, { method: "DELETE", path: `/containers/${id}?force=1` });
    await callEngine(socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
  }
}

const keptConfig: ReadonlySet<string> = new Set(
  "Env Cmd Entrypoint Shell User WorkingDir ExposedPorts Labels Volumes Healthcheck StopSignal OnBuild".split(" "),
);

async function json(socketPath: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
  const sent = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
  const answer = await askEngine(socketPath, { method: body === undefined ? "GET" : "POST", path, ...sent });
  return JSON.parse(answer.toString("utf8")) as Readonly<Record<string, unknown>>;
}

/** Path, kind, mode, owner and content of each file. */
async function filesOf(tar: Buffer): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const hash = createHash("sha256");
    for await (const chunk of entry) hash.update(chunk as Buffer);
    const { name, type, mode, uid, linkname } = entry.header;
    files.push(`${name} ${type} ${mode} ${uid} ${linkname ?? ""} ${hash.digest("hex")}`);
  }
  return files.sort();
}
