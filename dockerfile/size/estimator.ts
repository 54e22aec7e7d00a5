import type { FactKey, SizeUnit } from "../facts/fact.ts";
import type { Build } from "../semantics/build.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";

/** Bytes. An exact count has all three equal. */
export interface SizeRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** What an instruction is expected to add, as bytes of file content unless `unit` says otherwise. */
export interface Estimate extends SizeRange {
  /** What the numbers count; absent: "content". */
  readonly unit?: SizeUnit;
  /** The same in disk space, as a containerd store counts it; absent where that can't be told. */
  readonly disk?: SizeRange;
  /** Where the number comes from, for the tooltip; no trailing stop. */
  readonly because: string;
  /** If it is not as trusted as its estimator. */
  readonly trust?: Trust;
  readonly details?: SizeDetails;
}

/** What is told of a size beside the number. */
export interface SizeDetails {
  /** What makes it up, the largest first. */
  readonly contributors: readonly Contributor[];
  /** Files in the layer that are of no use once it is built. */
  readonly leftBehind: readonly Contributor[];
  /** What a change of the line would save: "remove the package lists". */
  readonly savings: readonly Contributor[];
}

export interface Contributor {
  readonly label: string;
  readonly bytes: number;
}

/** Why a source of knowledge that a layer belongs to can't tell its size. */
export interface Unknown {
  /** In the middle of a sentence: runs `make`. */
  readonly unknown: string;
  /** Bytes that it adds in any case, where some of it is known. */
  readonly atLeast?: number;
  /** Of the part that is known. */
  readonly details?: SizeDetails;
}

/**
 * Falling order of trust: counted by an engine; computed from counts; counted when an older text of the file was built;
 * mostly counted in other images; a guess from experience.
 */
export type Trust = "measured" | "computed" | "last build" | "learned" | "guessed";

export const trustOrder: readonly Trust[] = ["measured", "computed", "last build", "learned", "guessed"];

/** An instruction of a stage, seen as what it adds to the image. */
export interface PlannedLayer {
  readonly build: Build;
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** One source of knowledge about layer sizes. */
export interface Estimator {
  /** Kebab case; the file's name. */
  readonly id: string;
  readonly trust: Trust;
  readonly summary: string;
  readonly sources: readonly string[];
  /** Executed as tests: marks under the end of a line give the hint there. */
  readonly examples: readonly [EstimatorExample, ...EstimatorExample[]];
  /**
   * The facts without which it knows nothing, or a reason why none would help; undefined where the layer is not its
   * business.
   */
  needs(layer: PlannedLayer): readonly FactKey[] | Unknown | undefined;
  /** Called once all of `needs` are known. */
  estimate(layer: PlannedLayer): Estimate | Unknown;
}

export interface EstimatorExample {
  /** A Dockerfile, each hint marked by `^` under its place and its label. */
  readonly file: string;
  readonly facts: readonly (readonly [FactKey, unknown])[];
}

/** What is said of one layer. */
export type LayerSize =
  | { readonly state: "estimated"; readonly layer: PlannedLayer; readonly estimate: Estimate; readonly trust: Trust }
  /** FROM an earlier stage: that stage's own total. */
  | { readonly state: "stage"; readonly layer: PlannedLayer; readonly stageName: string; readonly total: StageTotal }
  | { readonly state: "pending"; readonly layer: PlannedLayer }
  | UnknownSize;

/** A layer whose size nobody can tell. */
export interface UnknownSize {
  readonly state: "unknown";
  readonly layer: PlannedLayer;
  readonly reason: string;
  /** Bytes of the part that is known, 0 where nothing is. */
  readonly atLeast: number;
  readonly details?: SizeDetails;
}

/** The sum over a stage and the stages below it; unknown layers are counted, never added as 0. */
export interface StageTotal {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly unknown: number;
  readonly pending: number;
}

/** An estimate that is exact. */
export function exactly(bytes: number, because: string): Estimate {
  return { low: bytes, likely: bytes, high: bytes, because };
}
