import { fetchLocalImages } from "../fetch/localImages.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The tagged images that the local engine has. */
    readonly localImages: { readonly key: unknown; readonly value: LocalImagesFact };
  }
}

const localImages: FactKind<"localImages"> = {
  kind: "localImages",
  scopedBy: () => [],
  fetch: (_key, _scope, { engine }, signal) => fetchLocalImages(engine, signal),
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default localImages;
