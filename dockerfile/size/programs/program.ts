import type { FactKey } from "../../facts/fact.ts";
import type { RunCommand } from "../../semantics/files/runEffects.ts";
import type { Estimate, PlannedLayer, Unknown } from "../estimator.ts";

/** A RUN, seen by one who knows some of the programs that it runs. */
export interface ProgramRun extends PlannedLayer {
  /** All commands of the RUN. Those of others matter as well: `rm` may remove what these programs wrote. */
  readonly commands: readonly RunCommand[];
  /** The commands of its own programs, at least one. */
  readonly own: readonly RunCommand[];
}

/** Knows what some programs add to a layer though nothing shows which files they write: package managers. */
export interface ProgramEstimator {
  /** Kebab case. */
  readonly id: string;
  /** Names of the programs without their folders. A program belongs to one estimator. */
  readonly programs: ReadonlySet<string>;
  /** The facts without which it knows nothing, or a reason why none would help. */
  needs(run: ProgramRun): readonly FactKey[] | Unknown;
  /** What its programs add, less what other commands of the RUN remove of it. Called once all of `needs` are known. */
  estimate(run: ProgramRun): Estimate | Unknown;
}
