import type { PipPackages } from "../../size/python/packages.ts";
import type { PythonTarget } from "../../size/python/wheelTags.ts";
import type { FactKind } from "../kind.ts";
import { registryLifetimeMs } from "../fetch/registryReader.ts";
import { changesFolders } from "../watchedFiles.ts";
import { narrowToContext } from "./contextRoot.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The packages that pip installs for one command, chosen from its index, with the content of their wheels. */
    readonly pipPackages: {
      readonly key: {
        readonly target: PythonTarget;
        /** As given on the command line. */
        readonly requests: readonly string[];
        /** Paths in the build context. */
        readonly requirementFiles: readonly string[];
        readonly constraintFiles: readonly string[];
        /** The index that the command names, and that of the image; addresses. */
        readonly index?: string;
        readonly defaultIndex?: string;
        readonly extraIndexes: readonly string[];
        /** As in `flask==3.1.0`. */
        readonly installed: readonly string[];
        readonly upgrades: boolean;
        readonly takesPrereleases: boolean;
        readonly ignoresDependencies: boolean;
      };
      readonly value: PipPackages;
    };
  }
}

const pipPackages: FactKind<"pipPackages"> = {
  kind: "pipPackages",
  scopedBy: ({ contextRoot }) => [contextRoot],
  async fetch(key, scope, machine, signal) {
    // Few Dockerfiles install packages of Python.
    const { fetchPipPackages } = await import("../fetch/python/pipPackages.ts");
    return fetchPipPackages(key, scope, machine, signal);
  },
  // What wheels contain is kept; which versions there are is asked again.
  lifetimeMs: registryLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default pipPackages;
