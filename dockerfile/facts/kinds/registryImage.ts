import { fetchRegistryImage } from "../fetch/registryImage.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** An image in a registry: its download size and unpacked size. */
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
  // A tag moves now and then; registries limit the number of requests.
  lifetimeMs: () => 24 * 60 * 60 * 1000,
  isOutdatedBy: () => false,
};

export default registryImage;
