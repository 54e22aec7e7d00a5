import type { Build } from "../semantics/build.ts";
import type { Stage } from "../syntax/syntax.ts";
import type { PlannedLayer } from "./estimator.ts";

/** The instructions of a stage in order, FROM first, as contributions to the image. */
export function planStage(build: Build, stage: Stage): readonly PlannedLayer[] {
  return [stage.from, ...stage.instructions].map((instruction) => ({ build, instruction, stage }));
}
