import { registryImageKind } from "../imageKind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /**
     * The files of an image in a registry. Downloads all of its layers, so it is requested only if a line depends on it
     * and the local engine doesn't have the image.
     */
    readonly registryFiles: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: ImageFilesFact;
    };
  }
}

export default registryImageKind("registryFiles", async () => (await import("../fetch/imageFiles.ts")).fetchImageFiles);
