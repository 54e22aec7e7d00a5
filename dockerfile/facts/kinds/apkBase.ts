import type { ApkBase } from "../../size/apk/base.ts";
import { localImageKind } from "../imageKind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The data in the local image of a reference about its packages of apk. */
    readonly apkBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ApkBase;
    };
  }
}

export default localImageKind("apkBase", async () => (await import("../fetch/apk/apkBase.ts")).fetchApkBase);
