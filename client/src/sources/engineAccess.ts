// The code that contacts engines. Loaded when the first one is looked for: dockerode is the largest part of the
// extension.
import type { Result } from "../../../oci/core/error.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { createEngineActions } from "../../../oci/engine/actions/createActions.ts";
import type { EngineConnection } from "../../../oci/engine/endpoint/connection.ts";
import { type Endpoint, findEndpoint } from "../../../oci/engine/endpoint/find.ts";
import { createEngine, type Engine } from "../../../oci/engine/engine.ts";
import { type EngineEvents, type EngineWatch, watchEngine } from "../../../oci/engine/events.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";

/** Finds the engine that a setting names, or else the one that Docker's own tools would use. */
export function findEngine(host: string, signal: AbortSignal): Promise<Result<Endpoint>> {
  return findEndpoint({ setting: host, machine: machineEnvironment() }, signal);
}

export interface OpenedEngine {
  readonly engine: Engine;
  createActions(credentials: Credentials): EngineActions;
}

/** Opens an engine whose layers are read elsewhere: the worker does that with only the connection. */
export function openEngine(connection: EngineConnection): OpenedEngine {
  return {
    engine: createEngine(connection, unsupportedLayers),
    createActions: (credentials) => createEngineActions(connection, credentials),
  };
}

export function followEngine(connection: EngineConnection, events: EngineEvents): EngineWatch {
  return watchEngine(connection, events);
}
