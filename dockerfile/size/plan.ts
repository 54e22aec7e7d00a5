import type { Dockerfile, Stage } from "../syntax/syntax.ts";
import type { PlannedLayer } from "./estimator.ts";

/** What is built, where it is not the default. */
export interface BuildOptions {
  readonly platform?: string;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** The instructions of a stage in order, FROM first, each as what it adds to the image. */
export function planStage(file: Dockerfile, stage: Stage, { platform, buildArgs = new Map() }: BuildOptions = {}): readonly PlannedLayer[] {
  return [stage.from, ...stage.instructions].map((instruction) => ({ instruction, stage, file, buildArgs, ...(platform !== undefined && { platform }) }));
}
