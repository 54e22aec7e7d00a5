import type { WasteSummary } from "../../../oci/core/waste.ts";
import { withoutEngine } from "../fetch/baseImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /**
     * The bytes that a local image ships and hides. Reads all of its layers, so it is requested only for an image that
     * was built from the file.
     */
    readonly imageWaste: {
      /** DiffIDs, base first: what the reference is expected to name. */
      readonly key: { readonly reference: string; readonly layers: readonly string[] };
      readonly value: WasteSummary;
    };
  }
}

const imageWaste: FactKind<"imageWaste"> = {
  kind: "imageWaste",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    if (!opened.ok) return withoutEngine(opened.error);
    const { fetchImageWaste } = await import("../fetch/imageWaste.ts");
    return fetchImageWaste(key, opened.value, packageCache, signal);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
  // Engines report many changes; a measurement in progress is useful in any case.
  whenOutdated: "finish",
};

export default imageWaste;
