import type { StageTotal } from "../../../dockerfile/size/estimator.ts";
import { positionsOf } from "../positions.ts";
import type { Comparison } from "./compare.ts";
import { sizeJson } from "./layerJson.ts";
import type { ReadSizes } from "./readSizes.ts";

/** The object that `sizes --format json` prints. */
export function sizesJson({ input, stages, budget }: ReadSizes, comparison?: Comparison) {
  const { position } = positionsOf(input.text);
  return {
    version: 1,
    unit: stages[0]?.unit ?? "content",
    stages: stages.map((stage) => ({
      name: stage.stage.name?.value ?? null,
      final: stages.at(-1) === stage,
      layers: stage.layers.map((size) => ({
        line: position(size.layer.instruction.span.start).line,
        instruction: size.layer.instruction.keyword.value,
        ...sizeJson(size),
        atLeast: size.state === "unknown" ? (size.atLeast ?? null) : null,
      })),
      total: totalJson(stage.total),
    })),
    ...(budget && { budget: budgetJson(budget, position) }),
    ...(comparison && { comparedWith: comparison.name, changes: comparison.changes, totals: comparison.totals }),
  };
}

function budgetJson(
  { bytes, brokenAt }: NonNullable<ReadSizes["budget"]>,
  position: ReturnType<typeof positionsOf>["position"],
) {
  return {
    bytes,
    exceeded: brokenAt !== undefined,
    line: brokenAt ? position(brokenAt.size.layer.instruction.span.start).line : null,
    atLeast: brokenAt?.atLeast ?? null,
  };
}

function totalJson({ low, likely, high, unknown }: StageTotal) {
  return { low, likely, high, unknown };
}
