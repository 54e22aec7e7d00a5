import type { ContextPath } from "../context/contextPaths.ts";
import type { CopySources } from "../context/copySources.ts";
import type { BaseImageFact, Facts, Memo } from "../facts/fact.ts";
import type { EffectiveShell } from "../shell/inEffect.ts";
import type { ShellParser } from "../shell/shell.ts";
import type { Scopes } from "../syntax/expand/variables.ts";
import type { Dockerfile, Instruction, LogicalText, Stage } from "../syntax/syntax.ts";
import type { BaseImage } from "./baseImages.ts";
import type { ContextSource } from "./contextSources.ts";
import type { ImageFiles } from "./files/files.ts";
import type { ImagePath } from "./imagePaths.ts";
import type { Install } from "./packages/installs.ts";
import type { InstructionScript } from "./runCommands.ts";

/** The target and arguments of a build, if not the defaults. */
export interface BuildOptions {
  /** As `os/arch[/variant]`. */
  readonly platform?: string;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/**
 * The meaning of a Dockerfile's text on its own. Created once per version of a file; everything in it is computed at
 * first use and kept.
 */
export interface BuildText {
  readonly file: Dockerfile;
  readonly shell: ShellParser;
  /** The target platform, if the caller names one. */
  readonly platform?: string;
  /** The arguments that the caller passes. */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** The variables of the file, build arguments included. */
  readonly scopes: Scopes;
  /** Expands a text with the variables of an instruction; undefined if one is unknown or the syntax is wrong. */
  expand(instruction: Instruction, text: LogicalText): string | undefined;
  /** A stage and those it is built on, its base last. */
  stageChain(stage: Stage | undefined): readonly Stage[];
  /** The last stage of that chain, whose FROM names an image or scratch. */
  rootStage(stage: Stage | undefined): Stage | undefined;
  /**
   * The indices of the stages whose layers are in the image of a build without a target; -1 if the file has no stage.
   */
  finalStages(): ReadonlySet<number>;
  /** True if an instruction runs on the result of an earlier one: in its stage or in one built on it. */
  isBuiltOn(later: Instruction, earlier: Instruction): boolean;
  /** The name in a stage's FROM with its variables expanded; undefined if it depends on an unknown value. */
  baseName(stage: Stage): string | undefined;
  /** The bases that are images with known names: excludes scratch, stages, and arguments without a default. */
  baseImages(): readonly BaseImage[];
  baseImage(stage: Stage | undefined): BaseImage | undefined;
  /** The shell that runs the text of an instruction. */
  shellInEffect(instruction: Instruction): EffectiveShell;
  /** The scripts that a build runs: RUN and ONBUILD RUN, in the file's order. */
  scripts(): readonly InstructionScript[];
  /** The installs of package managers that use a project's manifest. */
  installs(): readonly Install[];
  /** The paths in the build context that COPY, ADD and bind mounts name. */
  contextPaths(): readonly ContextPath[];
  /** Those that name one file or folder, without duplicates. */
  literalPaths(): readonly string[];
}

/** The meaning of a Dockerfile, including facts from beyond its text. Created once per snapshot of the facts. */
export interface Build extends BuildText {
  readonly facts: Facts;
  /** Keeps results about the build computed by code beyond this interface. */
  readonly memo: Memo;
  /** The engine's facts about the image in a stage's FROM. */
  baseImageFact(stage: Stage | undefined): BaseImageFact | undefined;
  /** The configuration of the image in a stage's FROM: of the engine's or, if it has none, of its registry's. */
  baseConfig(stage: Stage | undefined): Pick<BaseImageFact, "env" | "workingDir"> | undefined;
  /** The variables of the file, including those that local base images set. */
  scopesWithBases(): Scopes;
  /** The working folder of an instruction; undefined if it depends on unknown variables, and for Windows. */
  workingFolder(instruction: Instruction): ImagePath | undefined;
  /**
   * The content that a COPY or ADD of a stage puts into the image; undefined for any other instruction, including
   * triggers.
   */
  copy(instruction: Instruction): Copy | undefined;
  /** The files that the instructions write, as far as they can be determined without a build. */
  files(): ImageFiles;
  /** The user at an instruction of a stage, by its index, or at the end of the stage. */
  user(stage: Stage | undefined, before?: number): RuntimeUser;
  /** The files that COPY, ADD and bind mounts take from the build context; empty unless all of its files are known. */
  contextSources(): readonly ContextSource[];
}

/** The files that a COPY or ADD puts into the image. */
export interface Copy extends CopySources {
  readonly instruction: Instruction;
  /** Absent if unknown. */
  readonly destination?: ImagePath;
  /**
   * True if the destination is a folder in which files keep their names: as shown by its notation, several sources, or
   * an earlier line that created it.
   */
  readonly isIntoFolder: boolean;
}

/** The user that an instruction, or the image, runs as. */
export type RuntimeUser =
  | { readonly by: "instruction"; readonly user: string; readonly instruction: Instruction }
  /** According to the local base image; "" means root. */
  | { readonly by: "baseImage"; readonly user: string; readonly reference: string }
  | { readonly by: "scratch" }
  | { readonly by: "unknown" };
