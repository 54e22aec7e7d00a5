import { fetchContextFiles } from "../fetch/contextFiles.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The files of the build context, `.dockerignore` applied. One for each Dockerfile. */
    readonly contextFiles: { readonly key: unknown; readonly value: ContextFilesFact };
  }
}

const contextFiles: FactKind<"contextFiles"> = {
  kind: "contextFiles",
  scopedBy: ({ contextRoot, dockerfilePath }) => [contextRoot, dockerfilePath],
  fetch: (_key, scope, _machine, signal) => fetchContextFiles(scope, signal),
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  // Files that change without end must not keep a list of them from ever being made.
  whenOutdated: "finish",
  /** Of several candidates the root is chosen first, by the names that the Dockerfile has now; the last choice holds while the next is made. */
  narrow({ candidateRoots = [], sources, ...scope }, readLatest) {
    const [only] = candidateRoots;
    if (scope.contextRoot !== undefined || only === undefined) return scope;
    if (candidateRoots.length === 1) return { ...scope, contextRoot: only };
    const choice = readLatest(
      { kind: "contextRoot", ...(sources && { sources: sources() }) },
      { ...scope, candidateRoots },
      scope.dockerfilePath ?? candidateRoots.join("\n"),
    );
    return choice.state === "known" ? { ...scope, contextRoot: choice.value.root } : choice;
  },
};

export default contextFiles;
