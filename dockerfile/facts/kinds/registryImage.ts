import { fetchRegistryImage } from "../fetch/registryImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** An image of a registry: how large it is to download and unpacked. */
    readonly registryImage: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: RegistryImageFact;
    };
  }
}

const registryImage: FactKind<"registryImage"> = {
  kind: "registryImage",
  scopedBy: () => [],
  fetch: (key, _scope, { registries }, signal) => fetchRegistryImage(key, registries, signal),
  // A tag moves now and then; registries count how often they are asked.
  lifetimeMs: () => 24 * 60 * 60 * 1000,
  isOutdatedBy: () => false,
};

export default registryImage;
