import { success, type Result } from "../core/error.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { machineEnvironment } from "../source/machine.ts";
import { findEndpoint, type Endpoint } from "./endpoint/find.ts";
import { createEngine, type Engine } from "./engine.ts";
import type { LayerReader } from "../source/source.ts";

export interface LocalEngine {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
}

/**
 * Finds the engine by the setting and this machine. It isn't contacted yet, unless it must be distinguished from others
 * by its socket.
 */
export async function openLocalEngine(
  setting: string,
  layersOf: (connection: EngineConnection) => LayerReader,
  signal: AbortSignal,
): Promise<Result<LocalEngine>> {
  const endpoint = await findEndpoint({ machine: machineEnvironment(), ...(setting !== "" && { setting }) }, signal);
  if (!endpoint.ok) return endpoint;
  return success({
    engine: createEngine(endpoint.value.connection, layersOf(endpoint.value.connection)),
    endpoint: endpoint.value,
  });
}

/** Replaces the layer reader of an engine that isn't used to read layers. Calling it is a bug. */
export const unsupportedLayers: LayerReader = {
  layers: () => Promise.reject(new Error("this engine was opened without a layer reader")),
};
