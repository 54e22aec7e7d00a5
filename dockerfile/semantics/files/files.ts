import type { FactKey } from "../../facts/fact.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Unknown } from "./imageFile.ts";
import type { FolderListing } from "./listFolder.ts";
import type { Placement } from "./placement.ts";
import type { RunEffects } from "./runEffects.ts";

/** The files that the instructions of a Dockerfile put into their images. */
export interface ImageFiles {
  /**
   * The facts needed to determine what a COPY or ADD writes, as far as the known facts show; or the reason why it can
   * never be determined.
   */
  copyNeeds(instruction: Instruction): readonly FactKey[] | Unknown;
  /** Call it only if everything in `copyNeeds` is known. */
  copied(instruction: Instruction): Copied | Unknown;
  /** The facts needed to determine what the file commands of a RUN do, except unavailable ones. */
  runNeeds(instruction: Instruction): readonly FactKey[];
  /**
   * The effects of a RUN; undefined if its text isn't in a supported language. Call it only if everything in `runNeeds`
   * is known.
   */
  run(instruction: Instruction): RunEffects | undefined;
  /**
   * A folder at the end of a stage, given by its absolute path; undefined while facts that it depends on are being
   * fetched. Asks for the files of a local base image.
   */
  folder(stageIndex: number, path: string): FolderListing | undefined;
}

/** The content that a COPY or ADD puts into the image. */
export interface Copied {
  readonly placements: readonly Placement[];
  /** The total size. */
  bytes(): number;
  /** Variables that the unknown base image might set, assumed to be unset. */
  readonly assumedUnset: readonly string[];
}
