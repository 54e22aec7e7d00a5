import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";
import { scopesIn } from "./scopes.ts";

/** A stage and those it is built on, its base last. */
export function stageChain(file: Dockerfile, stage: Stage | undefined): readonly Stage[] {
  const chain: Stage[] = [];
  for (let next = stage; next; next = scopesIn(file).baseStage(next)) chain.push(next);
  return chain;
}

/** The indices of the stages whose layers are in the image that a build without a target makes; -1 where the file has no stage. */
export function finalStages(file: Dockerfile): ReadonlySet<number> {
  const last = file.stages.at(-1);
  return new Set(last ? stageChain(file, last).map(({ index }) => index) : [-1]);
}

/** Whether an instruction runs on what an earlier one left: in its stage or in one built on it. */
export function isBuiltOn(later: Instruction, earlier: Instruction, file: Dockerfile): boolean {
  if (later.stageIndex === earlier.stageIndex) return true;
  return stageChain(file, file.stages[later.stageIndex]).some(({ index }) => index === earlier.stageIndex);
}
