import type { Dockerfile } from "../syntax/syntax.ts";
import { scopesOf } from "../syntax/expand/variables.ts";
import type { PlannedLayer } from "./estimator.ts";

/** What is built, where it is not the default. */
export interface BuildOptions {
  /** As `os/arch[/variant]`. */
  readonly platform?: string;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** For each stage its instructions in order, FROM first, each as what it adds to the image. */
export function planStages(
  file: Dockerfile,
  { platform, buildArgs }: BuildOptions = {},
): readonly (readonly PlannedLayer[])[] {
  const scopes = scopesOf(file, buildArgs ? { buildArgs } : {});
  return file.stages.map((stage) =>
    [stage.from, ...stage.instructions].map((instruction) => ({
      instruction,
      stage,
      file,
      scopes,
      ...(platform !== undefined && { platform }),
    })),
  );
}
