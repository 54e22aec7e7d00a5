import type { Facts, FactKey } from "../facts/fact.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";

/** Bytes of file content that an instruction is expected to add, as low, most likely and high. */
export interface Estimate {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  /** Where the number comes from, for the tooltip. */
  readonly because: string;
}

/** Falling order of trust: counted by an engine or a disk; computed from such counts; a guess from experience. */
export type Trust = "measured" | "computed" | "guessed";

/** An instruction of a stage, seen as what it adds to the image. */
export interface PlannedLayer {
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** One source of knowledge about layer sizes. */
export interface Estimator {
  readonly id: string;
  readonly trust: Trust;
  readonly summary: string;
  readonly sources: readonly string[];
  /** The facts without which it knows nothing; empty where the text suffices, undefined where the layer is not its business. */
  needs(layer: PlannedLayer): readonly FactKey[] | undefined;
  /** Called once all of `needs` are known; undefined: "I know nothing here". */
  estimate(layer: PlannedLayer, facts: Facts): Estimate | undefined;
}

/** What is said of one layer. */
export type LayerSize =
  | { readonly state: "estimated"; readonly layer: PlannedLayer; readonly estimate: Estimate; readonly trust: Trust; readonly estimator: string }
  | { readonly state: "pending"; readonly layer: PlannedLayer }
  | { readonly state: "unknown"; readonly layer: PlannedLayer; readonly reason: string };

/** The sum over a stage and the stages below it; unknown layers are counted, never added as 0. */
export interface StageTotal {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly unknown: number;
  readonly pending: number;
}
