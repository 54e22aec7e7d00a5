import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { OriginStep } from "../../../server/protocol/protocol.ts";
import { stepsOf } from "../images/rows/history.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import { readableStep } from "../ui/instruction.ts";

/** A step that a row stands for, in the history of its image. */
export interface ChosenStep {
  readonly sourceId: string;
  readonly image: Image;
  /** What it is called in a sentence: `Layer 3 of bookshelf:1.1`. */
  readonly title: string;
  /** Absent for a layer that the history does not tell of. */
  readonly step?: HistoryStep;
}

/** Undefined for a row that is neither layer nor step. */
export function chosenStep(node: ImageTreeNode | undefined): ChosenStep | undefined {
  if (node?.kind === "layer") {
    const { sourceId, image, layer } = node;
    return {
      sourceId,
      image,
      title: `Layer ${layer.index + 1} of ${imageName(image)}`,
      ...(layer.step && { step: layer.step }),
    };
  }
  if (node?.kind !== "step") return undefined;
  const { sourceId, image, step } = node;
  return { sourceId, image, step, title: `Step ${indexOfStep(image, step) + 1} of ${imageName(image)}` };
}

/** Where a step stands in {@link originSteps}. */
export function indexOfStep(image: Image, step: HistoryStep): number {
  return stepsOf(image).findIndex((placed) => placed.step === step);
}

/** The history as the server compares it, oldest first. */
export function originSteps(image: Image): readonly OriginStep[] {
  return stepsOf(image).map(({ step, layer }) => ({
    createdBy: step.createdBy,
    ...(typeof layer === "object" && { layerIndex: layer.index }),
  }));
}

/** A step as a Dockerfile would write it. */
export function instructionText({ createdBy, comment }: HistoryStep): string {
  const { keyword, text } = readableStep(createdBy);
  return `${keyword === undefined ? `# ${text || comment || "this step isn't recorded"}` : `${keyword} ${text}`}\n`;
}
