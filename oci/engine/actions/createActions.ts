import type { Result } from "../../core/error.ts";
import type { EngineConnection } from "../endpoint/connection.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import type { EngineAccess } from "./context.ts";
import type { EngineActions, TransferOptions } from "./actions.ts";
import { commit, containers, tag } from "./containers.ts";
import { load } from "./load.ts";
import { seldom } from "./progress.ts";
import { prune, remove } from "./remove.ts";
import { createEngineClient } from "../http/client.ts";
import { save } from "./save.ts";
import { pull, push } from "./transfer.ts";
import { createNegotiation } from "../version.ts";

/** Nothing is asked of the engine before the first order; each begins with what version it speaks, since days may lie between two. */
export function createEngineActions(connection: EngineConnection, credentials: Credentials): EngineActions {
  const client = createEngineClient(connection);
  const negotiation = createNegotiation(client);
  const order = async <T>(
    signal: AbortSignal,
    carryOut: (access: EngineAccess) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const version = await negotiation.ping(signal);
    return version.ok ? carryOut({ client, version: version.value, credentials }) : version;
  };
  return {
    tag: (image, reference, signal) => order(signal, (access) => tag(access, image, reference, signal)),
    pull: (reference, options, signal) => order(signal, (access) => pull(access, reference, paced(options), signal)),
    push: (reference, options, signal) => order(signal, (access) => push(access, reference, paced(options), signal)),
    save: (images, file, options, signal) =>
      order(signal, (access) => save(access, { images, file }, paced(options), signal)),
    load: (file, options, signal) => order(signal, (access) => load(access, file, paced(options), signal)),
    remove: (image, options, signal) => order(signal, (access) => remove(access, image, options, signal)),
    containers: (signal) => order(signal, (access) => containers(access, signal)),
    prune: (which, signal) => order(signal, (access) => prune(access, which, signal)),
    commit: (container, options, signal) => order(signal, (access) => commit(access, container, options, signal)),
  };
}

function paced(options: TransferOptions): TransferOptions {
  return options.onProgress ? { ...options, onProgress: seldom(options.onProgress) } : options;
}
