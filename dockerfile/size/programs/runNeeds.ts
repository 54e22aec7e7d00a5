import type { FactKey } from "../../facts/fact.ts";
import type { Build } from "../../semantics/build.ts";
import type { Stage } from "../../syntax/syntax.ts";

/** The facts that the RUN lines of a stage, and of those below it, need; once for all programs in it. */
export function runNeedsOf(build: Build, stage: Stage): readonly FactKey[] {
  return build.memo(`needs of RUN up to stage ${stage.index}`, () => {
    const instructions = build.stageChain(stage).flatMap((each) => each.instructions);
    return [...new Set(instructions.flatMap((instruction) => build.files().runNeeds(instruction)))];
  });
}
