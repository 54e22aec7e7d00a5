import type { Build } from "../semantics/build.ts";
import type { PlannedLayer } from "./estimator.ts";

/** The instructions of each stage in order, FROM first, as contributions to the image. */
export function planStages(build: Build): readonly (readonly PlannedLayer[])[] {
  return build.file.stages.map((stage) =>
    [stage.from, ...stage.instructions].map((instruction) => ({ build, instruction, stage })),
  );
}
