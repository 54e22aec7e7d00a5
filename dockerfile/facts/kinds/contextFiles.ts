import { narrowToContext } from "./contextRoot.ts";
import { createMemo } from "../../context/memo.ts";
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
  async fetch(_key, scope, _machine, signal) {
    const listed = await fetchContextFiles(scope, signal);
    return listed.state === "known" ? { ...listed, value: { ...listed.value, memo: createMemo() } } : listed;
  },
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  // Files that change without end must not keep a list of them from ever being made.
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default contextFiles;
