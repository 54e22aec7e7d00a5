import { withoutEngine } from "../fetch/baseImage.ts";
import { fetchAptBase } from "../fetch/aptBase.ts";
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
    return opened.ok ? fetchAptBase(key, opened.value, packageCache, signal) : withoutEngine(opened.error);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default aptBase;
