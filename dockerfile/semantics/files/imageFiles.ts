import type { FactKey } from "../../facts/fact.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import { absolutePath } from "../imagePaths.ts";
import { managerPrograms } from "../packages/managers.ts";
import { createCopyReader, type CopyReader } from "./copied.ts";
import type { ImageFiles } from "./files.ts";
import { imageFilesKey } from "./imageListing.ts";
import { listFolder } from "./listFolder.ts";
import type { Placement } from "./placement.ts";
import { readRun } from "./readRun.ts";
import type { RunEffects } from "./runEffects.ts";
import { whatItRuns } from "./whatItRuns.ts";
import { addFolder, place } from "./tree/graft.ts";
import { imageTree } from "./tree/imageTree.ts";
import { newTree, newFolder, nextLayer, type Tree } from "./tree/tree.ts";

/** Follows the stages of a build, each at first use. */
export function createImageFiles(build: Build): ImageFiles {
  const followed = new Map<number, FollowedStage>();
  const needed = new Map<number, readonly FactKey[]>();
  const listings = new Set<string>();
  const stageAt = (index: number): FollowedStage =>
    remembered(followed, index, cyclic, () => {
      const stage = build.file.stages[index];
      const base = stage && build.scopes.baseStage(stage);
      return stage ? follow({ build, reader, listings }, stage, base && stageAt(base.index)) : cyclic;
    });
  const needsOf = (index: number) =>
    remembered(needed, index, [], () => stageNeeds({ build, reader, listings }, index));
  const reader: CopyReader = createCopyReader(build, { needs: needsOf, filesAfter: (index) => stageAt(index).tree });
  /** Uses the files of a stage's base image from now on; false if that makes no difference. */
  const list = (stageIndex: number): boolean => {
    const name = baseOf(build, stageIndex);
    if (name === undefined || listings.has(name)) return false;
    listings.add(name);
    for (const known of [followed, needed]) known.clear();
    reader.forget();
    return true;
  };
  const isKnown = (keys: readonly FactKey[]): boolean => keys.every((key) => build.facts.get(key).state === "known");
  return {
    copyNeeds(instruction) {
      const needs = reader.needs(instruction);
      if ("unknown" in needs || !isKnown(needs)) return needs;
      const from = reader.stageOf(instruction);
      const isUnclear = from !== undefined && "unknown" in reader.copied(instruction);
      return isUnclear && list(from) ? reader.needs(instruction) : needs;
    },
    copied: (instruction) => reader.copied(instruction),
    runNeeds(instruction) {
      const { stageIndex } = instruction;
      const needs = needsOf(stageIndex);
      if (!isKnown(needs)) return needs;
      const run = stageAt(stageIndex).runs.get(instruction);
      // As in `stageNeeds`, an unavailable one leaves a gap.
      const reads = run?.reads.filter((key) => build.facts.get(key).state !== "unavailable") ?? [];
      const isUnclear = dependsOnBase(run);
      return [...(isUnclear && list(stageIndex) ? needsOf(stageIndex) : needs), ...reads];
    },
    folder(stageIndex, path) {
      // Of a local base image: a list of names is not worth a download.
      if (build.baseImageFact(build.rootStage(build.file.stages[stageIndex]))) list(stageIndex);
      return isKnown(needsOf(stageIndex)) ? listFolder(stageAt(stageIndex).tree, path) : undefined;
    },
    run: (instruction) => stageAt(instruction.stageIndex).runs.get(instruction),
  };
}

/** True if the files of the base image may add information about a RUN. */
function dependsOnBase(effects: RunEffects | undefined): boolean {
  return (
    effects?.gap !== undefined &&
    effects.commands.every(({ effect, program }) => effect === "followed" || managerPrograms.has(program))
  );
}

/** The image that a stage is built on, possibly by way of other stages. */
function baseOf(build: Build, stageIndex: number): string | undefined {
  return build.baseImage(build.rootStage(build.file.stages[stageIndex]))?.text;
}

interface FollowedStage {
  /** The tree at its end. */
  readonly tree: Tree;
  /** The number of instructions that made it, those of the stages below included. */
  readonly instructionCount: number;
  readonly runs: ReadonlyMap<Instruction, RunEffects>;
}

const cyclic: FollowedStage = { tree: newTree("the stage needs itself"), instructionCount: 0, runs: new Map() };

/** Computes a value once; `meanwhile` is returned for circular requests. */
function remembered<T>(known: Map<number, T>, index: number, meanwhile: T, make: () => T): T {
  const before = known.get(index);
  if (before !== undefined) return before;
  known.set(index, meanwhile);
  const made = make();
  known.set(index, made);
  return made;
}

interface Input {
  readonly build: Build;
  readonly reader: CopyReader;
  /** The base images whose files are used: listing them costs reading all their layers. */
  readonly listings: ReadonlySet<string>;
}

/** The facts needed to follow a stage. Unavailable facts aren't included: they leave a gap. */
function stageNeeds({ build, reader, listings }: Input, index: number): readonly FactKey[] {
  const base = baseOf(build, index);
  const copyKeys = build
    .stageChain(build.file.stages[index])
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => build.copy(instruction) !== undefined)
    .flatMap((instruction) => {
      const needs = reader.needs(instruction);
      return "unknown" in needs ? [] : needs;
    });
  const keys = base !== undefined && listings.has(base) ? [...copyKeys, imageFilesKey(build, base)] : copyKeys;
  const once = new Map(keys.map((key) => [JSON.stringify(key), key]));
  return [...once.values()].filter((key) => build.facts.get(key).state !== "unavailable");
}

/** Beyond this number a stage's files aren't followed: it would be too slow while typing. */
const maxFiles = 50_000;

interface State {
  tree: Tree;
  instructionCount: number;
  fileCount: number;
  readonly runs: Map<Instruction, RunEffects>;
}

/**
 * Beyond this number of instructions in a stage and those below it, nothing is known of earlier ones. Each copies the
 * folders that it changes, and an image has far fewer layers.
 */
const maxInstructions = 1_000;

function follow(input: Input, stage: Stage, base: FollowedStage | undefined): FollowedStage {
  const state: State = {
    tree: base ? nextLayer(base.tree) : startOf(input, stage),
    instructionCount: base?.instructionCount ?? 0,
    fileCount: 0,
    runs: new Map(),
  };
  if (base && input.build.scopes.baseStage(stage)?.instructions.some(({ keyword }) => keyword.value === "ONBUILD"))
    lose(state, "its base has ONBUILD triggers");
  for (const instruction of stage.instructions) {
    state.tree = nextLayer(state.tree);
    if (++state.instructionCount > maxInstructions) lose(state, "the stage has more lines than are followed");
    apply(input, state, instruction);
  }
  return state;
}

function startOf({ build, listings }: Input, stage: Stage): Tree {
  const name = build.baseName(stage);
  const listing = name !== undefined && listings.has(name) ? build.facts.get(imageFilesKey(build, name)) : undefined;
  if (listing?.state === "known") return nextLayer(imageTree(listing.value));
  return newTree(name === "scratch" ? undefined : `what is in ${name ?? "the base image"} is not known here`);
}

function apply({ build, reader }: Input, state: State, instruction: Instruction): void {
  switch (instruction.keyword.value) {
    case "WORKDIR": {
      const written = build.expand(instruction, instruction.rest)?.trim();
      const path = written && absolutePath(written, build.workingFolder(instruction));
      if (path) addFolder(state.tree, path);
      return;
    }
    case "COPY":
    case "ADD": {
      const copied = reader.copied(instruction);
      if ("unknown" in copied) lose(state, copied.unknown);
      else write(state, copied.placements);
      return;
    }
    case "RUN": {
      const effects = readRun(build, instruction, state.tree);
      if (effects) state.runs.set(instruction, effects);
      else lose(state, `an earlier line of the stage ${whatItRuns(build, instruction)}`);
    }
  }
}

/** Marks the state as uncertain from now on. */
function lose(state: State, gap: string): void {
  state.tree.root = newFolder(state.tree.layer, gap);
}

function write(state: State, placements: readonly Placement[]): void {
  state.fileCount += placements.reduce((sum, placement) => sum + placement.count, 0);
  if (state.fileCount > maxFiles) return lose(state, "the stage has more files than are followed");
  if (placements.some(({ at }) => !at.startsWith("/")))
    return lose(state, "where an earlier line copies to is not known");
  for (const placement of placements) place(state.tree, placement);
}
