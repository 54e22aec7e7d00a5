import { fetchContextRoot } from "../fetch/contextRoot.ts";
import type { FactState } from "../fact.ts";
import type { FactKind, ReadLatest } from "../kind.ts";
import type { FactScope } from "../scope.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /**
     * The folder, of several, that is the build context, according to the sources of COPY and ADD; if absent, those of
     * the Dockerfile on disk.
     */
    readonly contextRoot: { readonly key: { readonly sources?: readonly string[] }; readonly value: ContextRootFact };
  }
}

const contextRoot: FactKind<"contextRoot"> = {
  kind: "contextRoot",
  scopedBy: ({ candidateRoots, dockerfilePath }) => [candidateRoots, dockerfilePath],
  fetch: (key, scope, _machine, signal) => fetchContextRoot(key, scope, signal),
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { candidateRoots = [], dockerfilePath }) =>
    changesFolders(change, candidateRoots, dockerfilePath),
};

export default contextRoot;

/**
 * Chooses the build context among several candidates first, by the names currently in the Dockerfile. The last choice
 * stays valid while the next is being made.
 */
export function narrowToContext(
  { candidateRoots = [], sources, ...scope }: FactScope,
  readLatest: ReadLatest,
): FactScope | FactState<never> {
  const [only] = candidateRoots;
  if (scope.contextRoot !== undefined || only === undefined) return scope;
  if (candidateRoots.length === 1) return { ...scope, contextRoot: only };
  const choice = readLatest(
    { kind: "contextRoot", ...(sources && { sources: sources() }) },
    { ...scope, candidateRoots },
    scope.dockerfilePath ?? candidateRoots.join("\n"),
  );
  return choice.state === "known" ? { ...scope, contextRoot: choice.value.root } : choice;
}
