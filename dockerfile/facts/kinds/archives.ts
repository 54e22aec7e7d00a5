import { narrowToContext } from "./contextRoot.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** Determines which files of the build context are archives, and lists their content. */
    readonly archives: { readonly key: { readonly paths: readonly string[] }; readonly value: ArchivesFact };
  }
}

const archives: FactKind<"archives"> = {
  kind: "archives",
  scopedBy: ({ contextRoot }) => [contextRoot],
  async fetch({ paths }, scope, _machine, signal) {
    // Decompressors and the tar reader, which few Dockerfiles need.
    const { fetchArchives } = await import("../fetch/archive/archives.ts");
    return fetchArchives(paths, scope, signal);
  },
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default archives;
