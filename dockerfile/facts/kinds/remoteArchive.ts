import type { FactKind } from "../kind.ts";
import { downloadLifetimeMs } from "./download.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The content of an archive at a URL, which is downloaded for it. */
    readonly remoteArchive: { readonly key: { readonly url: string }; readonly value: UnpackedFile };
  }
}

const remoteArchive: FactKind<"remoteArchive"> = {
  kind: "remoteArchive",
  scopedBy: () => [],
  async fetch({ url }, _scope, { registries }, signal) {
    // Decompressors and the tar reader, which few Dockerfiles need.
    const { fetchRemoteArchive } = await import("../fetch/archive/remoteArchive.ts");
    return fetchRemoteArchive(url, registries, signal);
  },
  lifetimeMs: downloadLifetimeMs,
  isOutdatedBy: () => false,
};

export default remoteArchive;
