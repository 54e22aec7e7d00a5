import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image } from "../../../../oci/core/image.ts";
import { infoNotice } from "./context.ts";
import type { FoundImage, ImageTreeNode, StepNode } from "../node.ts";

interface PlacedStep {
  readonly step: HistoryStep;
  readonly made: StepNode["made"];
}

/** Every step, oldest first, with the layer it made. Where history and layers do not fit, no step is said to have made any. */
export function stepsOf(image: Image): readonly PlacedStep[] {
  if (image.historyPairing === "none") return image.config.history.map((step) => ({ step, made: "unknown" }));
  const none = image.historyPairing === "exact" ? "none" : "inferred";
  const empty = (steps: readonly HistoryStep[]): readonly PlacedStep[] => steps.map((step) => ({ step, made: none }));
  return [
    ...image.layers.flatMap((layer) => [
      ...empty(layer.emptyStepsBefore),
      ...(layer.step ? [{ step: layer.step, made: layer }] : []),
    ]),
    ...empty(image.emptyStepsAfter),
  ];
}

export function historyRows(place: string, { image, sourceId }: FoundImage): readonly ImageTreeNode[] {
  const steps = stepsOf(image);
  if (steps.length === 0)
    return [infoNotice(`${place}/nothing`, "No history", { description: "the image records none" })];
  return steps.map(({ step, made }, index): StepNode => ({
    kind: "step",
    id: `${place}/${index}`,
    sourceId,
    image,
    step,
    made,
  }));
}
