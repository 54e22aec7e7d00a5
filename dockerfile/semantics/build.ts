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

/** What is built, if it is not the default. */
export interface BuildOptions {
  /** As `os/arch[/variant]`. */
  readonly platform?: string;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** What the text of a Dockerfile means on its own. Made once for a version of a file; everything in it is worked out at first use and kept. */
export interface BuildText {
  readonly file: Dockerfile;
  readonly shell: ShellParser;
  /** The platform that is built for, if the caller names one. */
  readonly platform?: string;
  /** Those that the caller gives. */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** The variables of the file, build arguments included. */
  readonly scopes: Scopes;
  /** A text with the variables of an instruction; undefined if one is unknown or the syntax is wrong. */
  expand(instruction: Instruction, text: LogicalText): string | undefined;
  /** A stage and those it is built on, its base last. */
  stageChain(stage: Stage | undefined): readonly Stage[];
  /** The indices of the stages whose layers are in the image that a build without a target makes; -1 if the file has no stage. */
  finalStages(): ReadonlySet<number>;
  /** True if an instruction runs on what an earlier one left: in its stage or in one built on it. */
  isBuiltOn(later: Instruction, earlier: Instruction): boolean;
  /** The name in a stage's FROM with its variables expanded; undefined if it depends on what is not known. */
  baseName(stage: Stage): string | undefined;
  /** The bases that are images and whose names are known: not scratch, no stages, no arguments without a default. */
  baseImages(): readonly BaseImage[];
  baseImage(stage: Stage | undefined): BaseImage | undefined;
  /** The shell that runs the text of an instruction. */
  shellInEffect(instruction: Instruction): EffectiveShell;
  /** The scripts that a build runs: RUN and ONBUILD RUN, in the file's order. */
  scripts(): readonly InstructionScript[];
  /** The installs of package managers that follow a project's manifest. */
  installs(): readonly Install[];
  /** What COPY, ADD and bind mounts name in the build context. */
  contextPaths(): readonly ContextPath[];
  /** The paths among them that name one file or folder, each once. */
  literalPaths(): readonly string[];
}

/** What a Dockerfile means, with what is known beyond its text. Made once for a snapshot of the facts. */
export interface Build extends BuildText {
  readonly facts: Facts;
  /** Keeps what a part beyond this interface worked out on the build. */
  readonly memo: Memo;
  /** What the engine knows of the image in a stage's FROM. */
  baseImageFact(stage: Stage | undefined): BaseImageFact | undefined;
  /** The variables of the file with those that local base images set. */
  scopesWithBases(): Scopes;
  /** The folder in which an instruction works; undefined if it depends on unknown variables, and for Windows. */
  workingFolder(instruction: Instruction): ImagePath | undefined;
  /** What a COPY or ADD of a stage puts into the image; undefined for any other instruction, triggers included. */
  copy(instruction: Instruction): Copy | undefined;
  /** The files that the instructions write, as far as they can be told without a build. */
  files(): ImageFiles;
  /** The user at an instruction of a stage, by its index, or at the end of the stage. */
  user(stage: Stage | undefined, before?: number): RuntimeUser;
  /** What COPY, ADD and bind mounts take from the build context; nothing while its files are not known, or not all of them. */
  contextSources(): readonly ContextSource[];
}

/** What a COPY or ADD puts into the image. */
export interface Copy extends CopySources {
  readonly instruction: Instruction;
  /** Absent if it is not known. */
  readonly destination?: ImagePath;
  /** The destination is a folder in which files keep their names: by how it is written, since there are several sources, or since an earlier line has made it. */
  readonly isIntoFolder: boolean;
}

/** The user that an instruction, or the image, runs as. */
export type RuntimeUser =
  | { readonly by: "instruction"; readonly user: string; readonly instruction: Instruction }
  /** What the local base image says; "" is root. */
  | { readonly by: "baseImage"; readonly user: string; readonly reference: string }
  | { readonly by: "scratch" }
  | { readonly by: "unknown" };
