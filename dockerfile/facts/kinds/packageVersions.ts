import type { PythonTarget } from "../../size/python/wheelTags.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders } from "../watchedFiles.ts";
import { narrowToContext } from "./contextRoot.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The versions of one package in the index that a build would take it from. */
    readonly packageVersions: {
      readonly key:
        | {
            readonly index: "npm";
            readonly name: string;
            /** The address of the index, if the Dockerfile says it. */
            readonly address?: string;
            /** The base image, whose package manager has a built-in address. */
            readonly base?: string;
            readonly platform?: string;
          }
        | {
            readonly index: "pip";
            readonly name: string;
            readonly target: PythonTarget;
            /** Of indexes; the first that has the project counts. */
            readonly addresses: readonly string[];
          };
      readonly value: PackageVersionsFact;
    };
  }
}

const knownMs = 60 * 60 * 1000;
const unavailableMs = 2 * 60 * 1000;

const packageVersions: FactKind<"packageVersions"> = {
  kind: "packageVersions",
  scopedBy: ({ contextRoot }) => [contextRoot],
  async fetch(key, scope, machine, signal) {
    // Few Dockerfiles name packages of Node or Python.
    if (key.index === "pip") {
      const { fetchPipVersions } = await import("../fetch/python/pipVersions.ts");
      return fetchPipVersions(key, machine, signal);
    }
    const { fetchNpmVersions } = await import("../fetch/node/npmVersions.ts");
    return fetchNpmVersions(key, scope, machine, signal);
  },
  lifetimeMs: (_fetchMs, state) => (state === "known" ? knownMs : unavailableMs),
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    change.kind === "files" &&
    change.paths.some((path) => /(?:^|[\\/])(?:\.npmrc|package-lock\.json)$/.test(path)) &&
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  narrow: narrowToContext,
};

export default packageVersions;
