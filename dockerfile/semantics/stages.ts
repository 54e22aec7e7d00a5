import type { Scopes } from "../syntax/expand/variables.ts";
import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";

/** A stage and those it is built on, its base last. */
export function stageChainOf(scopes: Scopes, stage: Stage | undefined): readonly Stage[] {
  const chain: Stage[] = [];
  for (let next = stage; next; next = scopes.baseStage(next)) chain.push(next);
  return chain;
}

/** The indices of the stages whose layers are in the image of a build without a target; -1 if the file has no stage. */
export function finalStagesOf(file: Dockerfile, scopes: Scopes): ReadonlySet<number> {
  const last = file.stages.at(-1);
  return new Set(last ? stageChainOf(scopes, last).map(({ index }) => index) : [-1]);
}

/** True if an instruction runs on the result of an earlier one: in its stage or in one built on it. */
export function isBuiltOnIn(
  { file, scopes }: { readonly file: Dockerfile; readonly scopes: Scopes },
  later: Instruction,
  earlier: Instruction,
): boolean {
  if (later.stageIndex === earlier.stageIndex) return true;
  return stageChainOf(scopes, file.stages[later.stageIndex]).some(({ index }) => index === earlier.stageIndex);
}
