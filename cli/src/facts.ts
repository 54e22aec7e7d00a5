import { dirname, resolve } from "node:path";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { fetchBaseImage, withoutEngine } from "../../dockerfile/facts/fetch/baseImage.ts";
import { fetchContextFiles } from "../../dockerfile/facts/fetch/contextFiles.ts";
import { FactStore, type FactFetchers, type FactScope } from "../../dockerfile/facts/store.ts";
import type { Result } from "../../oci/core/error.ts";
import { noLayers, openLocalEngine, type LocalEngine } from "../../oci/source/localEngine.ts";

/** Runs `read` until every fact that it asks for has arrived, so that what it returns at last misses none. Offline, no engine is asked. */
export async function withFacts<T>(scope: FactScope, network: "online" | "offline", read: (facts: Facts) => T): Promise<T> {
  const store = new FactStore(fetchers(network), () => undefined);
  try {
    // Each round can ask for facts that only the answers of the one before made it ask for.
    for (;;) {
      let isPending = false;
      const view = store.view(scope);
      const value = read({
        get: (key) => {
          const state = view.get(key);
          isPending ||= state.state === "pending";
          return state;
        },
      });
      if (!isPending) return value;
      await store.settled();
    }
  } finally {
    store.dispose();
  }
}

/** The scope of a Dockerfile given by path: its folder is the context unless `context` names another. */
export function scopeOf(dockerfilePath: string | undefined, context: string | undefined): FactScope {
  const root = context ?? (dockerfilePath === undefined ? undefined : dirname(dockerfilePath));
  return { ...(dockerfilePath !== undefined && { dockerfilePath }), ...(root !== undefined && { contextRoot: resolve(root) }) };
}

/** The engine is only looked for once a base image's fact is asked for. */
function fetchers(network: "online" | "offline"): FactFetchers {
  let opening: Promise<Result<LocalEngine>> | undefined;
  return {
    contextFiles: (_key, scope, signal) => fetchContextFiles(scope, signal),
    async baseImage(key, _scope, signal) {
      if (network === "offline") return { state: "unavailable", reason: "--no-network was given, so the engine is not asked" };
      const opened = await (opening ??= openLocalEngine("", () => noLayers, signal));
      return opened.ok ? fetchBaseImage(key, opened.value.engine, signal) : withoutEngine(opened.error);
    },
  };
}
