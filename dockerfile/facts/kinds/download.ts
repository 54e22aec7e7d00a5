import { fetchDownload, type DownloadFact } from "../fetch/download.ts";
import type { FactState } from "../fact.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The size of a file at a URL that ADD, `curl` or `wget` fetches, as its host reports it. */
    readonly download: { readonly key: { readonly url: string }; readonly value: DownloadFact };
  }
}

/** A file at a URL rarely changes; a host that didn't answer may be back soon. */
const knownMs = 24 * 60 * 60 * 1000;
const unavailableMs = 2 * 60 * 1000;

/** The time in milliseconds for which an answer of a host is kept. */
export function downloadLifetimeMs(_fetchMs: number, state: FactState<never>["state"]): number {
  return state === "known" ? knownMs : unavailableMs;
}

const download: FactKind<"download"> = {
  kind: "download",
  scopedBy: () => [],
  fetch: ({ url }, _scope, { registries }, signal) => fetchDownload(url, registries, signal),
  lifetimeMs: downloadLifetimeMs,
  isOutdatedBy: () => false,
};

export default download;
