import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { OriginStep } from "../../../server/protocol/protocol.ts";
import { stepsOf } from "../../../oci/images/stepsOf.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import { readableStep } from "../../../oci/images/readableStep.ts";
import { l10n } from "../ui/l10n.ts";

/** The step of a row in the history of its image. */
export interface ChosenStep {
  readonly sourceId: string;
  readonly image: Image;
  /** The name of the step in a sentence: `Layer 3 of bookshelf:1.1`. */
  readonly title: string;
  /** Absent for a layer that isn't in the history. */
  readonly step?: HistoryStep;
}

/** The step of a row; undefined unless it is a layer or a step. */
export function chosenStep(node: ImageTreeNode | undefined): ChosenStep | undefined {
  if (node?.kind === "layer") {
    const { sourceId, image, layer } = node;
    return {
      sourceId,
      image,
      title: l10n.t("Layer {0} of {1}", layer.index + 1, imageName(image)),
      ...(layer.step && { step: layer.step }),
    };
  }
  if (node?.kind !== "step") return undefined;
  const { sourceId, image, step } = node;
  return { sourceId, image, step, title: l10n.t("Step {0} of {1}", indexOfStep(image, step) + 1, imageName(image)) };
}

/** The index of a step in {@link originSteps}. */
export function indexOfStep(image: Image, step: HistoryStep): number {
  return stepsOf(image).findIndex((placed) => placed.step === step);
}

/** The history in the form that the server compares, oldest first. */
export function originSteps(image: Image): readonly OriginStep[] {
  return stepsOf(image).map(({ step, layer }) => ({
    createdBy: step.createdBy,
    ...(typeof layer === "object" && { layerIndex: layer.index }),
  }));
}

/** A step as a Dockerfile would write it. */
export function instructionText({ createdBy, comment }: HistoryStep): string {
  const { keyword, text } = readableStep(createdBy);
  return `${keyword === undefined ? `# ${text || comment || l10n.t("this step isn't recorded")}` : `${keyword} ${text}`}\n`;
}
