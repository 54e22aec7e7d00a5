import type { ApkBase } from "../../size/apk/base.ts";
import { registryImageKind } from "../imageKind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `apkBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryApkBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ApkBase;
    };
  }
}

export default registryImageKind("registryApkBase", async () => (await import("../fetch/apk/apkBase.ts")).fetchApkBase);
