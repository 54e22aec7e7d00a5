import { fetchBaseImage, withoutEngine } from "../fetch/baseImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The local image of a reference: its size and config. */
    readonly baseImage: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: BaseImageFact;
    };
  }
}

const baseImage: FactKind<"baseImage"> = {
  kind: "baseImage",
  scopedBy: () => [],
  async fetch(key, _scope, { engine }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    return opened.ok ? fetchBaseImage(key, opened.value, signal) : withoutEngine(opened.error);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default baseImage;
