import { localImageKind } from "../imageKind.ts";

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

export default localImageKind("imageFiles", async () => (await import("../fetch/imageFiles.ts")).fetchImageFiles);
