import type { WasteSummary } from "../../../oci/core/waste.ts";
import { localImageKind } from "../imageKind.ts";
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
  ...localImageKind("imageWaste", async () => (await import("../fetch/imageWaste.ts")).fetchImageWaste),
  // Engines report many changes; a measurement in progress is useful in any case.
  whenOutdated: "finish",
};

export default imageWaste;
