import type { FactKey } from "../../facts/fact.ts";
import type { RunCommand } from "../../semantics/files/runEffects.ts";
import type { Estimate, PlannedLayer, Unknown } from "../estimator.ts";

/** A RUN from the point of view of an estimator for some of its programs. */
export interface ProgramRun extends PlannedLayer {
  /** All commands of the RUN. Other programs matter as well: `rm` may remove files that these programs wrote. */
  readonly commands: readonly RunCommand[];
  /** The commands of the estimator's programs, at least one. */
  readonly own: readonly RunCommand[];
}

/**
 * Estimates the size that some programs, such as package managers, add to a layer although their files can't be
 * followed.
 */
export interface ProgramEstimator {
  /** Kebab case. */
  readonly id: string;
  /** Names of the programs without their folders. A program belongs to one estimator. */
  readonly programs: ReadonlySet<string>;
  /** The facts that it requires, or the reason why none would help. */
  needs(run: ProgramRun): readonly FactKey[] | Unknown;
  /**
   * The size that its programs add, minus what other commands of the RUN remove. Called once all of `needs` are known.
   */
  estimate(run: ProgramRun): Estimate | Unknown;
}
