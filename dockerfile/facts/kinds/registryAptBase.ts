import { readFromRegistry, registryLifetimeMs } from "../fetch/registryReader.ts";
import type { AptBase } from "../../size/apt/base.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `aptBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryAptBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: AptBase;
    };
  }
}

const registryAptBase: FactKind<"registryAptBase"> = {
  kind: "registryAptBase",
  scopedBy: () => [],
  async fetch(key, _scope, { registries, packageCache }, signal) {
    const { fetchAptBase } = await import("../fetch/aptBase.ts");
    return readFromRegistry(key, registries, (reader) => fetchAptBase(key, reader, packageCache, signal));
  },
  lifetimeMs: registryLifetimeMs,
  isOutdatedBy: () => false,
};

export default registryAptBase;
