import type { FactKey } from "../../facts/fact.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Unknown } from "./imageFile.ts";
import type { Placement } from "./placement.ts";
import type { RunEffects } from "./runEffects.ts";

/** What the instructions of a file put into their images. */
export interface ImageFiles {
  /** The facts without which it can't be told what a COPY or ADD writes, as far as those at hand show; or why it never can. */
  copyNeeds(instruction: Instruction): readonly FactKey[] | Unknown;
  /** To be asked once all that `copyNeeds` names is known. */
  copied(instruction: Instruction): Copied | Unknown;
  /** The facts without which it can't be told what the file commands of a RUN do; those that can't be had are left out. */
  runNeeds(instruction: Instruction): readonly FactKey[];
  /** What a RUN does. To be asked once all that `runNeeds` names is known; undefined if its text is in no language that is read. */
  run(instruction: Instruction): RunEffects | undefined;
}

/** What a COPY or ADD puts into the image. */
export interface Copied {
  readonly placements: readonly Placement[];
  /** What they come to together. */
  bytes(): number;
  /** Variables that the base image, which isn't known, might set, and that are taken as not set. */
  readonly assumedUnset: readonly string[];
}
