import { dirname } from "node:path";
import { findLintConfigFile } from "../fetch/lintConfigFile.ts";
import type { FactKind } from "../kind.ts";
import { isLintConfig } from "../lintConfigName.ts";
import { fileLifetimeMs } from "../watchedFiles.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The configuration file that applies to a Dockerfile. */
    readonly lintConfigFile: { readonly key: unknown; readonly value: LintConfigFileFact };
  }
}

const lintConfigFile: FactKind<"lintConfigFile"> = {
  kind: "lintConfigFile",
  scopedBy: ({ dockerfilePath, workspaceFolder }) => [dockerfilePath, workspaceFolder],
  async fetch(_key, { dockerfilePath, workspaceFolder }, { configPlaces }) {
    const folder = dockerfilePath === undefined ? undefined : dirname(dockerfilePath);
    return { state: "known", value: await findLintConfigFile(folder, workspaceFolder, configPlaces) };
  },
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change) =>
    change.kind === "workspaceFolders" || (change.kind === "files" && change.paths.some(isLintConfig)),
};

export default lintConfigFile;
