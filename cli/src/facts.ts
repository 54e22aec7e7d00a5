import { dirname, resolve } from "node:path";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { createFactStore, type FactScope } from "../../dockerfile/facts/store.ts";
import { fetchContextFiles } from "../../dockerfile/facts/fetch/contextFiles.ts";
import { baseImageFetcher } from "../../dockerfile/facts/fetch/baseImage.ts";
import { connectEngine } from "./engine.ts";

/**
 * Runs `read` until every fact that it asks for has arrived, so that what it returns at last misses none.
 * The engine is only looked for when a base image's fact is asked for.
 */
export async function withFacts<T>(scope: FactScope, read: (facts: Facts) => T, network: "online" | "offline"): Promise<T> {
  const store = createFactStore(
    {
      baseImage: network === "online" ? baseImageFetcher(connectEngine) : () => Promise.resolve({ state: "unavailable", reason: "--no-network was given, so the engine is not asked" }),
      contextFiles: (_key, where, signal) => fetchContextFiles(where, signal),
    },
    () => undefined,
  );
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
