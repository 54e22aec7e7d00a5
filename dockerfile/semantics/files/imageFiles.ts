import type { FactKey } from "../../facts/fact.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import { absolutePath } from "../imagePaths.ts";
import { createCopyReader, type CopyReader } from "./copied.ts";
import type { ImageFiles } from "./files.ts";
import { folder, type ImageFile } from "./imageFile.ts";
import { readRun } from "./readRun.ts";
import { placedFiles, type Placement } from "./placement.ts";
import { whatItRuns } from "./whatItRuns.ts";
import { realPath, type StageFiles } from "./stageFiles.ts";

/** Follows the stages of a build, each at first use. */
export function createImageFiles(build: Build): ImageFiles {
  const after = new Map<number, StageFiles>();
  const needed = new Map<number, readonly FactKey[]>();
  const filesAfter = (index: number): StageFiles =>
    remembered(after, index, cyclic, () => {
      const [stage, base] = build.stageChain(build.file.stages[index]);
      return stage ? follow({ build, reader }, stage, base && filesAfter(base.index)) : cyclic;
    });
  const reader: CopyReader = createCopyReader(build, {
    needs: (index) => remembered(needed, index, [], () => stageNeeds({ build, reader }, index)),
    filesAfter,
  });
  return {
    copyNeeds: (instruction) => reader.needs(instruction),
    copied: (instruction) => reader.copied(instruction),
    runNeeds: () => [],
    run: (instruction) => readRun(build, instruction),
  };
}

const cyclic: StageFiles = { files: new Map(), gap: "the stage needs itself" };

/** Works a value out once; `meanwhile` is for what leads back to itself. */
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
}

/** What is needed to follow a stage. A fact that can't be had is none: it leaves a gap. */
function stageNeeds({ build, reader }: Input, index: number): readonly FactKey[] {
  const keys = build
    .stageChain(build.file.stages[index])
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => build.copy(instruction) !== undefined)
    .flatMap((instruction) => {
      const needs = reader.needs(instruction);
      return "unknown" in needs ? [] : needs;
    });
  const once = new Map(keys.map((key) => [JSON.stringify(key), key]));
  return [...once.values()].filter((key) => build.facts.get(key).state !== "unavailable");
}

interface State {
  readonly files: Map<string, ImageFile>;
  gap: string | undefined;
}

/** Beyond this a stage's files are not followed: it would cost more than a keystroke may. */
const maxFiles = 50_000;

function follow(input: Input, stage: Stage, base: StageFiles | undefined): StageFiles {
  const state = base ? { files: new Map(base.files), gap: base.gap } : startOf(input, stage);
  if (base && input.build.scopes.baseStage(stage)?.instructions.some(({ keyword }) => keyword.value === "ONBUILD"))
    lose(state, "its base has ONBUILD triggers");
  for (const instruction of stage.instructions) apply(input, state, instruction);
  return { files: state.files, ...(state.gap !== undefined && { gap: state.gap }) };
}

function startOf({ build }: Input, stage: Stage): State {
  const name = build.baseName(stage);
  const files = new Map([["/", folder]]);
  return { files, gap: name === "scratch" ? undefined : `what is in ${name ?? "the base image"} is not known here` };
}

function apply({ build, reader }: Input, state: State, instruction: Instruction): void {
  switch (instruction.keyword.value) {
    case "WORKDIR": {
      const written = build.expand(instruction, instruction.rest)?.trim();
      const path = written && absolutePath(written, build.workingFolder(instruction));
      if (path) addFolders(state, path);
      return;
    }
    case "COPY":
    case "ADD": {
      const copied = reader.copied(instruction);
      if ("unknown" in copied) lose(state, copied.unknown);
      else write(state, copied.placements);
      return;
    }
    case "RUN":
      // Which files it removes or links is not followed.
      lose(state, `an earlier line of the stage ${whatItRuns(build, instruction)}`);
  }
}

/** From here on nothing is certain. */
function lose(state: State, gap: string): void {
  state.files.clear();
  state.files.set("/", folder);
  state.gap = gap;
}

function write(state: State, placements: readonly Placement[]): void {
  const count = placements.reduce((sum, placement) => sum + placement.count, state.files.size);
  if (count > maxFiles || placements.some(({ at }) => !at.startsWith("/")))
    return lose(
      state,
      count > maxFiles ? "the stage has more files than are followed" : "where an earlier line copies to is not known",
    );
  for (const placement of placements) {
    const at = realPath(state.files, placement.at) ?? placement.at;
    addFolders(state, placement.isFolder ? at : at.slice(0, at.lastIndexOf("/")));
    for (const [path, file] of placedFiles([{ ...placement, at }])) {
      addFolders(state, path.slice(0, path.lastIndexOf("/")));
      if (file.kind !== "directory" || !state.files.has(path)) state.files.set(path, file);
    }
  }
}

function addFolders({ files }: State, path: string): void {
  for (let next = path; next !== "" && !files.has(next); next = next.slice(0, next.lastIndexOf("/")))
    files.set(next, folder);
}
