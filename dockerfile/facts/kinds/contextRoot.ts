import { fetchContextRoot } from "../fetch/contextRoot.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** Which of several folders is the build context, by the sources that COPY and ADD name; absent: those of the Dockerfile on disk. */
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
