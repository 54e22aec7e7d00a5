import type { HistoryStep } from "../core/history.ts";
import type { Image, Layer } from "../core/image.ts";

/** A step of an image's history and the layer it made. */
export interface StepWithLayer {
  readonly step: HistoryStep;
  /** "none" by the config, "inferred" by its text, "unknown" if history and layers don't match. */
  readonly layer: Layer | "none" | "inferred" | "unknown";
}

/** Every step, oldest first, with the layer it made. If history and layers don't match, layers aren't assigned. */
export function stepsOf(image: Image): readonly StepWithLayer[] {
  if (image.historyPairing === "none") return image.config.history.map((step) => ({ step, layer: "unknown" }));
  const none = image.historyPairing === "exact" ? "none" : "inferred";
  const empty = (steps: readonly HistoryStep[]): readonly StepWithLayer[] =>
    steps.map((step) => ({ step, layer: none }));
  return [
    ...image.layers.flatMap((layer) => [
      ...empty(layer.emptyStepsBefore),
      ...(layer.step ? [{ step: layer.step, layer }] : []),
    ]),
    ...empty(image.emptyStepsAfter),
  ];
}
