import type { Build } from "../semantics/build.ts";
import type { PlannedLayer } from "./estimator.ts";

/** For each stage its instructions in order, FROM first, each as what it adds to the image. */
export function planStages(build: Build): readonly (readonly PlannedLayer[])[] {
  return build.file.stages.map((stage) =>
    [stage.from, ...stage.instructions].map((instruction) => ({ build, instruction, stage })),
  );
}
