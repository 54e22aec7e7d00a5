import { narrowToContext } from "./contextRoot.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** Which of some files of the build context are archives, and what is in them. */
    readonly archives: { readonly key: { readonly paths: readonly string[] }; readonly value: ArchivesFact };
  }
}

const archives: FactKind<"archives"> = {
  kind: "archives",
  scopedBy: ({ contextRoot }) => [contextRoot],
  async fetch({ paths }, scope, _machine, signal) {
    // Decompressors and the walk of tars: few Dockerfiles need them.
    const { fetchArchives } = await import("../fetch/archives.ts");
    return fetchArchives(paths, scope, signal);
  },
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default archives;
