import type { FactKey, SizeUnit } from "../facts/fact.ts";
import type { Build } from "../semantics/build.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";

/** In bytes. An exact count has all three equal. */
export interface SizeRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** The size that an instruction is expected to add, in bytes of file content unless `unit` says otherwise. */
export interface Estimate extends SizeRange {
  /** The unit of the numbers; defaults to "content". */
  readonly unit?: SizeUnit;
  /** The same in disk space, as counted by a containerd store; absent if unknown. */
  readonly disk?: SizeRange;
  /** The source of the number, for the tooltip; without a trailing full stop. */
  readonly because: string;
  /** Set if it is less trusted than its estimator. */
  readonly trust?: Trust;
  readonly details?: SizeDetails;
}

/** Details of a size in addition to the number. */
export interface SizeDetails {
  /** Its parts, the largest first. */
  readonly contributors: readonly Contributor[];
  /** Files in the layer that are useless once it is built. */
  readonly leftBehind: readonly Contributor[];
  /** The bytes that changes of the line would save: "remove the package lists". */
  readonly savings: readonly Saving[];
}

export interface Saving extends Contributor {
  /** A command that saves them at the end of the RUN; absent if a rule's fix does. */
  readonly command?: string;
}

export interface Contributor {
  readonly label: string;
  readonly bytes: number;
}

/** The reason why the estimator responsible for a layer can't determine its size. */
export interface Unknown {
  /** For the middle of a sentence: runs `make`. */
  readonly unknown: string;
  /** Bytes that it certainly adds, if part of it is known. */
  readonly atLeast?: number;
  /** Details of the known part. */
  readonly details?: SizeDetails;
}

/**
 * In order of decreasing trust: counted by an engine; computed from counts; counted when an older text of the file was
 * built; mostly measured in other images; a guess from experience.
 */
export type Trust = "measured" | "computed" | "last build" | "learned" | "guessed";

export const trustOrder: readonly Trust[] = ["measured", "computed", "last build", "learned", "guessed"];

/** An instruction of a stage as a contribution to the image. */
export interface PlannedLayer {
  readonly build: Build;
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** One source of knowledge about layer sizes. */
export interface Estimator {
  /** In kebab case; the file's name. */
  readonly id: string;
  readonly trust: Trust;
  readonly summary: string;
  readonly sources: readonly string[];
  /** Executed as tests: marks under the end of a line give the hint there. */
  readonly examples: readonly [EstimatorExample, ...EstimatorExample[]];
  /** The facts that it requires, or the reason why none would help; undefined if it isn't responsible for the layer. */
  needs(layer: PlannedLayer): readonly FactKey[] | Unknown | undefined;
  /** Called once all of `needs` are known. */
  estimate(layer: PlannedLayer): Estimate | Unknown;
}

export interface EstimatorExample {
  /** A Dockerfile in which each hint is marked by `^` under its position, and its label. */
  readonly file: string;
  readonly facts: readonly (readonly [FactKey, unknown])[];
}

/** The result for one layer. */
export type LayerSize =
  | { readonly state: "estimated"; readonly layer: PlannedLayer; readonly estimate: Estimate; readonly trust: Trust }
  /** FROM an earlier stage: that stage's own total. */
  | { readonly state: "stage"; readonly layer: PlannedLayer; readonly stageName: string; readonly total: StageTotal }
  | { readonly state: "pending"; readonly layer: PlannedLayer }
  | UnknownSize;

/** A layer of unknown size. */
export interface UnknownSize {
  readonly state: "unknown";
  readonly layer: PlannedLayer;
  readonly reason: string;
  /** Bytes of the known part; 0 if nothing is known. */
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
