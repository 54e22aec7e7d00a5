import { createMemo } from "../../context/memo.ts";
import type { AptIndex } from "../../size/apt/base.ts";
import type { MeasuredPackage } from "../../size/apt/bytes/measuredPackages.ts";
import type { AptSource } from "../../size/apt/index/sources.ts";
import type { Memo } from "../fact.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The packages that the repositories of an image's own apt sources offer. */
    readonly aptIndex: {
      readonly key: { readonly sources: readonly AptSource[]; readonly architecture: string };
      readonly value: AptIndexFact;
    };
  }
}

export interface AptIndexFact {
  readonly index: AptIndex;
  readonly measured: ReadonlyMap<string, MeasuredPackage>;
  /** A memory for predictions by the index for the state of an image, which are thereby reused while typing. */
  readonly memoOf: (image: object) => Memo;
}

/** The files themselves are requested once a day; see `fetchAptIndexes`. */
const knownMs = 60 * 60 * 1000;
const unavailableMs = 2 * 60 * 1000;
/** Each contains the packages of an image after a RUN: some 100 kB. */
const maxPredictions = 30;

/** Creates a memory for each object, which lives as long as the object. */
export function createMemos(): AptIndexFact["memoOf"] {
  const memos = new WeakMap<object, Memo>();
  return (image) => {
    const memo = memos.get(image) ?? createMemo(maxPredictions);
    memos.set(image, memo);
    return memo;
  };
}

const aptIndex: FactKind<"aptIndex"> = {
  kind: "aptIndex",
  scopedBy: () => [],
  async fetch({ sources, architecture }, _scope, { aptIndexes }, signal) {
    if ("refusal" in aptIndexes) return { state: "unavailable", reason: aptIndexes.refusal };
    const { index, failures } = await aptIndexes.load(sources, architecture, signal);
    const [failed] = failures;
    if (failed) return { state: "unavailable", reason: `the package index is not available: ${failed.message}` };
    // 70 kB that no other command needs.
    const { measuredPackages } = await import("../../size/apt/bytes/measuredPackages.ts");
    return { state: "known", value: { index, measured: measuredPackages(), memoOf: createMemos() } };
  },
  lifetimeMs: (_fetchMs, state) => (state === "known" ? knownMs : unavailableMs),
  isOutdatedBy: () => false,
};

export default aptIndex;
