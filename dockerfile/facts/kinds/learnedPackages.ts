import type { LearnedPackages } from "../fetch/learnedPackages.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** Sizes of packages as measured in images, including local images built on this one. */
    readonly learnedPackages: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: LearnedPackages;
    };
  }
}

const learnedPackages: FactKind<"learnedPackages"> = {
  kind: "learnedPackages",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const { fetchLearnedPackages } = await import("../fetch/learnedPackages.ts");
    return fetchLearnedPackages(key, engine, packageCache, signal);
  },
  isOutdatedBy: ({ kind }) => kind === "images",
  // Engines report many changes; a measurement in progress is useful in any case.
  whenOutdated: "finish",
};

export default learnedPackages;
