import { withoutEngine } from "../fetch/baseImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /**
     * The files of the local image of a reference. Reads all of its layers, so it is requested only if a line depends
     * on it.
     */
    readonly imageFiles: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ImageFilesFact;
    };
  }
}

const imageFiles: FactKind<"imageFiles"> = {
  kind: "imageFiles",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    if (!opened.ok) return withoutEngine(opened.error);
    const { fetchImageFiles } = await import("../fetch/imageFiles.ts");
    return fetchImageFiles(key, opened.value, packageCache, signal);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default imageFiles;
