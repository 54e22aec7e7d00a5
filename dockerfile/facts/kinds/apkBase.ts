import type { ApkBase } from "../../size/apk/base.ts";
import { withoutEngine } from "../fetch/baseImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The data in the local image of a reference about its packages of apk. */
    readonly apkBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ApkBase;
    };
  }
}

const apkBase: FactKind<"apkBase"> = {
  kind: "apkBase",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    if (!opened.ok) return withoutEngine(opened.error);
    const { fetchApkBase } = await import("../fetch/apk/apkBase.ts");
    return fetchApkBase(key, opened.value, packageCache, signal);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default apkBase;
