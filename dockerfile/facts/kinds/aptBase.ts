import { withoutEngine } from "../fetch/baseImage.ts";
import type { AptBase } from "../../size/apt/base.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The data in the local image of a reference about its Debian packages and about apt. */
    readonly aptBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: AptBase;
    };
  }
}

const aptBase: FactKind<"aptBase"> = {
  kind: "aptBase",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    if (!opened.ok) return withoutEngine(opened.error);
    const { fetchAptBase } = await import("../fetch/aptBase.ts");
    return fetchAptBase(key, opened.value, packageCache, signal);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default aptBase;
