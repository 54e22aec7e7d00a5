import { cycleGroups } from "./cycles.ts";
import { lexShell } from "./expand/lexer.ts";
import { mountsOf } from "./mounts.ts";
import type { Dockerfile, Flag, Instruction, Stage, Word } from "./syntax.ts";
import { scopesOf, type BuildInputs, type Scopes } from "./expand/variables.ts";

/** The source that a FROM, `COPY --from` or mount's `from` names. */
export type StageSource =
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "scratch" }
  /** An image or a named context of the caller. */
  | { readonly kind: "image"; readonly reference: string }
  /** `COPY --from=7` if that stage doesn't exist. */
  | { readonly kind: "noSuchIndex"; readonly stageIndex: number }
  /** It depends on unknown variables, is blank, or has variables that aren't allowed there. */
  | { readonly kind: "unknown" };

/** A place where a stage takes files from elsewhere. */
export interface StageUse {
  readonly by: "from" | "copy" | "mount";
  /** The stage that takes the files. */
  readonly stage: Stage;
  /** For an ONBUILD trigger of the base stage: the trigger. */
  readonly instruction: Instruction;
  /** The name, with its position. */
  readonly word: Word;
  readonly source: StageSource;
}

/** All uses in the order of the stages and their instructions; those of ONBUILD triggers belong to the child stage. */
export function stageUses(file: Dockerfile, inputs: BuildInputs = {}): readonly StageUse[] {
  return usesWith(file, scopesOf(file, inputs));
}

/** Like `stageUses`, for callers that have the scopes. */
export function usesWith(file: Dockerfile, scopes: Scopes): readonly StageUse[] {
  const finder = finderOf(file);
  return file.stages.flatMap((stage) => usesOf(stage, scopes, finder));
}

/** The stage that a stage's FROM names. @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go addState */
export function baseStage(file: Dockerfile, stage: Stage, inputs: BuildInputs = {}): Stage | undefined {
  return scopesOf(file, inputs).baseStage(stage);
}

/**
 * A stage and those its FROM leads to, base first; the last stage without a target. Undefined if the stage doesn't
 * exist.
 */
export function targetChain(file: Dockerfile, target?: string, inputs: BuildInputs = {}): readonly Stage[] | undefined {
  const last = targetStage(file, target);
  if (!last) return undefined;
  const scopes = scopesOf(file, inputs);
  const chain: Stage[] = [];
  for (let stage: Stage | undefined = last; stage; stage = scopes.baseStage(stage)) chain.push(stage);
  return chain.reverse();
}

/**
 * The stage that a build creates with or without `--target`; names compare in lower case, and the last of equal ones
 * wins.
 */
export function targetStage(file: Dockerfile, target?: string): Stage | undefined {
  if (target === undefined) return file.stages.at(-1);
  return file.stages.findLast((stage) => stage.name?.value.toLowerCase() === target.toLowerCase());
}

/** Every stage that a target needs, including itself, in the file's order. */
export function neededStages(file: Dockerfile, target?: string, inputs: BuildInputs = {}): readonly Stage[] {
  const first = targetStage(file, target);
  const uses = byStage(stageUses(file, inputs));
  const needed = new Set<number>(first ? [first.index] : []);
  for (const index of needed) {
    for (const { source } of uses.get(index) ?? []) if (source.kind === "stage") needed.add(source.stage.index);
  }
  return file.stages.filter(({ index }) => needed.has(index));
}

/** The stages that a build without a target skips. A caller may still want them as targets. */
export function unusedStages(file: Dockerfile, inputs: BuildInputs = {}): readonly Stage[] {
  const needed = new Set(neededStages(file, undefined, inputs));
  return file.stages.filter((stage) => !needed.has(stage));
}

/** Uses of the stage itself or a later one that form a cycle: a stage that needs itself, directly or indirectly. */
export function cyclicUses(uses: readonly StageUse[]): readonly StageUse[] {
  const edges = uses.flatMap(({ stage, source }) =>
    source.kind === "stage" ? [{ from: stage.index, to: source.stage.index }] : [],
  );
  if (!edges.some(({ from, to }) => to >= from)) return [];
  const groups = cycleGroups(edges);
  return uses.filter(
    ({ stage, source }) =>
      source.kind === "stage" &&
      source.stage.index >= stage.index &&
      groups.get(stage.index) === groups.get(source.stage.index),
  );
}

function byStage(uses: readonly StageUse[]): ReadonlyMap<number, readonly StageUse[]> {
  const groups = new Map<number, StageUse[]>();
  for (const use of uses) {
    const group = groups.get(use.stage.index);
    if (group) group.push(use);
    else groups.set(use.stage.index, [use]);
  }
  return groups;
}

interface Finder {
  readonly escape: string;
  /** Finds stages anywhere in the file, for COPY and mounts. */
  readonly byName: (name: string) => Stage | undefined;
  readonly byIndex: (index: number) => Stage | undefined;
}

function finderOf(file: Dockerfile): Finder {
  const named = new Map<string, Stage>();
  for (const stage of file.stages) if (stage.name) named.set(stage.name.value.toLowerCase(), stage);
  return {
    escape: file.escape,
    byName: (name) => named.get(name.toLowerCase()),
    byIndex: (index) => file.stages[index],
  };
}

function usesOf(stage: Stage, scopes: Scopes, finder: Finder): StageUse[] {
  const base = scopes.baseStage(stage);
  const inherited = (base?.instructions ?? []).flatMap(({ keyword, trigger }) =>
    keyword.value === "ONBUILD" && trigger ? [trigger] : [],
  );
  const withFlags = [...inherited, ...stage.instructions].filter(({ flags }) => flags.length > 0);
  const own = withFlags.flatMap((instruction) => instructionUses(stage, instruction, finder));
  return stage.base
    ? [
        { by: "from", stage, instruction: stage.from, word: stage.base, source: baseSource(stage, base, scopes) },
        ...own,
      ]
    : own;
}

function baseSource(stage: Stage, base: Stage | undefined, scopes: Scopes): StageSource {
  if (base) return { kind: "stage", stage: base };
  const lexed = scopes.base(stage);
  if (!lexed || lexed.failure || lexed.unknown.length > 0 || lexed.result === "") return { kind: "unknown" };
  return imageSource(lexed.result);
}

function imageSource(reference: string): StageSource {
  return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
}

function instructionUses(stage: Stage, instruction: Instruction, finder: Finder): StageUse[] {
  return sourceWords(instruction).map(({ by, word }) => ({
    by,
    stage,
    instruction,
    word,
    source: by === "copy" ? copySource(word.value, finder) : mountSource(word.value, finder),
  }));
}

/** The words of an instruction that name a stage or image as a source: `COPY --from` and the mounts' `from`. */
export function sourceWords(
  instruction: Instruction,
): readonly { readonly by: "copy" | "mount"; readonly word: Word }[] {
  const { value: keyword } = instruction.keyword;
  if (keyword === "COPY") return wordsOf(instruction.flags, "from").map((word) => ({ by: "copy", word }));
  if (keyword !== "RUN") return [];
  return mountsOf(instruction).flatMap(({ from }) => (from && from.value !== "" ? [{ by: "mount", word: from }] : []));
}

function wordsOf(flags: readonly Flag[], name: string): Word[] {
  return flags.flatMap((flag) => (flag.name === name && flag.value && flag.value.value !== "" ? [flag.value] : []));
}

/**
 * The source of a COPY. A number is a stage's index; a name is searched in the whole file, which means that a later
 * stage hides an image.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go toCommand
 */
function copySource(name: string, finder: Finder): StageSource {
  if (lexShell(name, { escape: finder.escape, lookup: () => undefined }).result !== name) return { kind: "unknown" };
  if (/^[+-]?[0-9]+$/.test(name)) {
    const stage = finder.byIndex(Number(name));
    return stage ? { kind: "stage", stage } : { kind: "noSuchIndex", stageIndex: Number(name) };
  }
  return namedSource(name, finder);
}

/**
 * The source of a mount, by name only: `from=0` is an image.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert_runmount.go detectRunMount
 */
function mountSource(name: string, finder: Finder): StageSource {
  return /\$./.test(name) ? { kind: "unknown" } : namedSource(name, finder);
}

function namedSource(name: string, finder: Finder): StageSource {
  const stage = finder.byName(name);
  return stage ? { kind: "stage", stage } : imageSource(name);
}
