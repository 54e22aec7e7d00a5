import { readFromRegistry, registryLifetimeMs } from "../fetch/registryReader.ts";
import type { FactKind } from "../kind.ts";

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

const registryFiles: FactKind<"registryFiles"> = {
  kind: "registryFiles",
  scopedBy: () => [],
  async fetch(key, _scope, { registries, packageCache }, signal) {
    const { fetchImageFiles } = await import("../fetch/imageFiles.ts");
    return readFromRegistry(key, registries, (reader) => fetchImageFiles(key, reader, packageCache, signal));
  },
  lifetimeMs: registryLifetimeMs,
  isOutdatedBy: () => false,
};

export default registryFiles;
