import type { ApkBase } from "../../size/apk/base.ts";
import { readFromRegistry, registryLifetimeMs } from "../fetch/registryReader.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `apkBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryApkBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ApkBase;
    };
  }
}

const registryApkBase: FactKind<"registryApkBase"> = {
  kind: "registryApkBase",
  scopedBy: () => [],
  async fetch(key, _scope, { registries, packageCache }, signal) {
    const { fetchApkBase } = await import("../fetch/apk/apkBase.ts");
    return readFromRegistry(key, registries, (reader) => fetchApkBase(key, reader, packageCache, signal));
  },
  lifetimeMs: registryLifetimeMs,
  isOutdatedBy: () => false,
};

export default registryApkBase;
