import { withoutEngine } from "../fetch/baseImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The newest images of the local engine with their histories, which may include one built from this file. */
    readonly lastBuild: { readonly key: unknown; readonly value: LastBuildFact };
  }
}

const lastBuild: FactKind<"lastBuild"> = {
  kind: "lastBuild",
  scopedBy: () => [],
  async fetch(_key, _scope, { engine }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    return opened.ok ? engine.builtImages.fetch(opened.value, signal) : withoutEngine(opened.error);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default lastBuild;
