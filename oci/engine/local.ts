import { homedir } from "node:os";
import { success, type Result } from "../core/error.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import type { Surroundings } from "../credentials/dockerConfig.ts";
import { findEndpoint, type Endpoint } from "./endpoint/find.ts";
import { createEngine, type Engine } from "./engine.ts";
import type { LayerReader } from "../source/source.ts";

export interface LocalEngine {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
}

/** Finds the engine by the setting and this process's surroundings. Asks nothing of it yet, unless it must be told from others by its socket. */
export async function openLocalEngine(
  setting: string,
  layersOf: (connection: EngineConnection) => LayerReader,
  signal: AbortSignal,
): Promise<Result<LocalEngine>> {
  const endpoint = await findEndpoint(
    { surroundings: processSurroundings(), ...(setting !== "" && { setting }) },
    signal,
  );
  if (!endpoint.ok) return endpoint;
  return success({
    engine: createEngine(endpoint.value.connection, layersOf(endpoint.value.connection)),
    endpoint: endpoint.value,
  });
}

/** The machine as this process sees it. */
export function processSurroundings(): Surroundings {
  const uid = process.getuid?.();
  return { env: process.env, homedir: homedir(), platform: process.platform, ...(uid !== undefined && { uid }) };
}

/** For a front that reads no layers: asking for them is a bug. */
export const noLayers: LayerReader = {
  layers: () => Promise.reject(new Error("this engine was opened without a layer reader")),
};
