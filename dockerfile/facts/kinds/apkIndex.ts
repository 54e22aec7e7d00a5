import type { ApkList } from "../../size/apk/packageList.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The packages of one repository of apk. */
    readonly apkIndex: {
      readonly key: {
        /** The address that `/etc/apk/repositories` has. */
        readonly url: string;
        /** apk's name: "x86_64". */
        readonly architecture: string;
      };
      readonly value: ApkList;
    };
  }
}

/** The file itself is requested again after some hours; see `fetchApkIndex`. */
const knownMs = 60 * 60 * 1000;
const unavailableMs = 2 * 60 * 1000;

const apkIndex: FactKind<"apkIndex"> = {
  kind: "apkIndex",
  scopedBy: () => [],
  async fetch(key, _scope, machine, signal) {
    const { fetchApkIndex } = await import("../fetch/apk/apkIndex.ts");
    return fetchApkIndex(key, machine, signal);
  },
  lifetimeMs: (_fetchMs, state) => (state === "known" ? knownMs : unavailableMs),
  isOutdatedBy: () => false,
};

export default apkIndex;
