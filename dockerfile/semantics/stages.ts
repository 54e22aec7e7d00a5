import type { Scopes } from "../syntax/expand/variables.ts";
import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";
import type { Build } from "./build.ts";

/** A stage and those it is built on, its base last. */
export function stageChainOf(scopes: Scopes, stage: Stage | undefined): readonly Stage[] {
  const chain: Stage[] = [];
  for (let next = stage; next; next = scopes.baseStage(next)) chain.push(next);
  return chain;
}

/** The stages at the bottom of the chains of a file's stages, by index. */
export function rootStagesOf(file: Dockerfile, scopes: Scopes): readonly Stage[] {
  const roots: Stage[] = [];
  // A stage is built on an earlier one.
  for (const stage of file.stages) roots.push(roots[scopes.baseStage(stage)?.index ?? -1] ?? stage);
  return roots;
}

/** The indices of the stages whose layers are in the image of a build without a target; -1 if the file has no stage. */
export function finalStagesOf(file: Dockerfile, scopes: Scopes): ReadonlySet<number> {
  const last = file.stages.at(-1);
  return new Set(last ? stageChainOf(scopes, last).map(({ index }) => index) : [-1]);
}

/** The numbers of a stage and of all stages built on it: from `start` up to, but not including, `end`. */
export interface StageRange {
  readonly start: number;
  readonly end: number;
}

/** Numbers a file's stages such that those built on a stage follow it without a gap; by the stage's index. */
export function stageRangesOf(file: Dockerfile, scopes: Scopes): readonly StageRange[] {
  const baseIndex = (stage: Stage): number => scopes.baseStage(stage)?.index ?? -1;
  const counts = file.stages.map(() => 1);
  // A stage is built on an earlier one.
  for (const stage of file.stages.toReversed()) {
    const below = counts[baseIndex(stage)];
    if (below !== undefined) counts[baseIndex(stage)] = below + (counts[stage.index] ?? 0);
  }
  const free = new Map<number, number>();
  return file.stages.map((stage) => {
    const start = free.get(baseIndex(stage)) ?? 0;
    const end = start + (counts[stage.index] ?? 0);
    free.set(baseIndex(stage), end);
    free.set(stage.index, start + 1);
    return { start, end };
  });
}

/** True if an instruction runs on the result of an earlier one: in its stage or in one built on it. */
export function isBuiltOnIn(ranges: readonly StageRange[], later: Instruction, earlier: Instruction): boolean {
  if (later.stageIndex === earlier.stageIndex) return true;
  const [above, below] = [ranges[later.stageIndex], ranges[earlier.stageIndex]];
  return above !== undefined && below !== undefined && above.start >= below.start && above.start < below.end;
}

/** True if a stage, or one that it is built on, has an instruction with this keyword. */
export function hasInChain(build: Pick<Build, "file" | "scopes" | "memo">, stage: Stage, keyword: string): boolean {
  const having = build.memo(`stages with ${keyword}`, () => {
    const found = new Set<number>();
    for (const each of build.file.stages) {
      const isInherited = found.has(build.scopes.baseStage(each)?.index ?? -1);
      if (isInherited || each.instructions.some((one) => one.keyword.value === keyword)) found.add(each.index);
    }
    return found;
  });
  return having.has(stage.index);
}
