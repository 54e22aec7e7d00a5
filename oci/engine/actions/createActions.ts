import type { Result } from "../../core/error.ts";
import type { EngineConnection } from "../endpoint/connection.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import type { ActionContext } from "./context.ts";
import type { EngineActions, TransferOptions } from "./actions.ts";
import { commit, containers, tag } from "./containers.ts";
import { load } from "./load.ts";
import { seldom } from "./progress.ts";
import { prune, remove } from "./remove.ts";
import { createEngineClient } from "../http/client.ts";
import { save } from "./save.ts";
import { pull, push } from "./transfer.ts";
import { createNegotiation } from "../version.ts";

/**
 * Creates the actions without contacting the engine. Each action first reads the engine's version, since days may lie
 * between two.
 */
export function createEngineActions(connection: EngineConnection, credentials: Credentials): EngineActions {
  const client = createEngineClient(connection);
  const negotiation = createNegotiation(client);
  const order = async <T>(
    signal: AbortSignal,
    carryOut: (context: ActionContext) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const version = await negotiation.ping(signal);
    return version.ok ? carryOut({ client, version: version.value, credentials }) : version;
  };
  return {
    tag: (image, reference, signal) => order(signal, (context) => tag(context, image, reference, signal)),
    pull: (reference, options, signal) => order(signal, (context) => pull(context, reference, paced(options), signal)),
    push: (reference, options, signal) => order(signal, (context) => push(context, reference, paced(options), signal)),
    save: (images, file, options, signal) =>
      order(signal, (context) => save(context, { images, file }, paced(options), signal)),
    load: (file, options, signal) => order(signal, (context) => load(context, file, paced(options), signal)),
    remove: (image, options, signal) => order(signal, (context) => remove(context, image, options, signal)),
    containers: (signal) => order(signal, (context) => containers(context, signal)),
    prune: (which, signal) => order(signal, (context) => prune(context, which, signal)),
    commit: (container, options, signal) => order(signal, (context) => commit(context, container, options, signal)),
  };
}

function paced(options: TransferOptions): TransferOptions {
  return options.onProgress ? { ...options, onProgress: seldom(options.onProgress) } : options;
}
