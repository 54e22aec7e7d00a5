import { readFromRegistry, registryLifetimeMs } from "../fetch/registryReader.ts";
import type { PythonBase } from "../../size/python/base.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `pythonBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryPythonBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: PythonBase;
    };
  }
}

const registryPythonBase: FactKind<"registryPythonBase"> = {
  kind: "registryPythonBase",
  scopedBy: () => [],
  async fetch(key, _scope, { registries, packageCache }, signal) {
    const { fetchPythonBase } = await import("../fetch/python/pythonBase.ts");
    return readFromRegistry(key, registries, (reader) => fetchPythonBase(key, reader, packageCache, signal));
  },
  lifetimeMs: registryLifetimeMs,
  isOutdatedBy: () => false,
};

export default registryPythonBase;
