import type { NodeInstall } from "../../size/node/packageSize.ts";
import type { NodeSelection } from "../../size/node/select.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";
import { narrowToContext } from "./contextRoot.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The packages that a lock file of the build context installs, with the sizes that their registries report. */
    readonly nodePackages: {
      readonly key: {
        /** Paths in the build context. */
        readonly lock: string;
        readonly manifest: string;
        /** The base image, whose npm has the registry's address, if the lock file lacks addresses. */
        readonly base?: string;
        /** Settings of the package manager. */
        readonly configs: readonly string[];
        readonly omit: NodeSelection["omit"];
        /** `x64`, `arm64`; defaults to this machine's. */
        readonly cpu?: string;
        readonly libc: NodeSelection["libc"];
      };
      readonly value: NodeInstall;
    };
  }
}

const nodePackages: FactKind<"nodePackages"> = {
  kind: "nodePackages",
  scopedBy: ({ contextRoot }) => [contextRoot],
  async fetch(key, scope, machine, signal) {
    // Few Dockerfiles install packages of Node.
    const { fetchNodePackages } = await import("../fetch/node/nodePackages.ts");
    return fetchNodePackages(key, scope, machine, signal);
  },
  // The sizes of what is there are kept; what a registry refused is asked for again.
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default nodePackages;
