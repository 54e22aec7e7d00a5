import { originOf, type FileOrigin } from "../../../dockerfile/origin/origin.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";

/** The line of each step, counted from 1, with its doubt if any: `3`, `5 values`, `-`. */
export function origins(dockerfile: string, steps: readonly string[]): readonly string[] {
  return linesOf(dockerfile, found(dockerfile, steps), steps.length);
}

export function found(dockerfile: string, steps: readonly string[]): FileOrigin | undefined {
  return originOf(parse(dockerfile), steps);
}

function linesOf(dockerfile: string, origin: FileOrigin | undefined, stepCount: number): readonly string[] {
  if (!origin) return new Array<string>(stepCount).fill("-");
  return origin.steps.map((step) =>
    step
      ? [dockerfile.slice(0, step.instruction.span.start).split("\n").length, ...(step.doubt ? [step.doubt] : [])].join(
          " ",
        )
      : "-",
  );
}
