import { narrowToContext } from "./contextRoot.ts";
import { fetchContextFiles } from "../fetch/contextFiles.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The files of the build context, with `.dockerignore` applied. One fact per Dockerfile. */
    readonly contextFiles: { readonly key: unknown; readonly value: ContextFilesFact };
  }
}

const contextFiles: FactKind<"contextFiles"> = {
  kind: "contextFiles",
  scopedBy: ({ contextRoot, dockerfilePath }) => [contextRoot, dockerfilePath],
  fetch: (_key, scope, { contextListings }, signal) =>
    fetchContextFiles(scope, signal, contextListings && { shared: contextListings }),
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  // Files that change constantly must not prevent a listing from ever finishing.
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default contextFiles;
