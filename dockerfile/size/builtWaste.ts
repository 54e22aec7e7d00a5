import type { FactKeyOf, FactState, FactTypes, BuiltImage } from "../facts/fact.ts";
import type { LayerWaste } from "../../oci/core/waste.ts";
import type { Build } from "../semantics/build.ts";
import type { Instruction } from "../syntax/syntax.ts";
import { bestCandidate, isSameText, type Candidate } from "./lastBuild.ts";

/** Bytes of one line's layer that a later line hides, as measured in an image that was built from the file. */
export interface HiddenBytes extends LayerWaste {
  readonly image: BuiltImage;
  /** The line that added them. */
  readonly adder: Instruction;
  /** The line that hides them. */
  readonly hider: Instruction;
}

/** The waste of an image that was built from a file. */
export function wasteOf(build: Build, { name, layers }: BuiltImage): FactState<FactTypes["imageWaste"]> {
  const key: FactKeyOf<"imageWaste"> = { kind: "imageWaste", reference: name, layers };
  return build.facts.get(key);
}

/**
 * The bytes that lines hide from other lines, as measured in the file's last build, most first. Empty until it has been
 * measured; without lines that were edited since.
 */
export function hiddenByLines(build: Build): readonly HiddenBytes[] {
  const best = bestCandidate(build);
  if (!best) return [];
  const waste = wasteOf(build, best.image);
  if (waste.state !== "known") return [];
  const lines = linesOfLayers(best);
  return waste.value.byLayers.flatMap((hidden) => {
    const [adder, hider] = [lines.get(hidden.introducedBy), lines.get(hidden.hiddenBy)];
    return adder && hider && adder !== hider ? [{ ...hidden, image: best.image, adder, hider }] : [];
  });
}

/** A layer of an image that was built from a file. */
export interface BuiltLayer {
  /** The image's tag, or the start of its ID. */
  readonly image: string;
  readonly diffId: string;
}

/** The layers that lines made in the file's last build; without lines that were edited since. */
export function builtLayersOf(build: Build): ReadonlyMap<Instruction, BuiltLayer> {
  return build.memo("built layers", () => {
    const best = bestCandidate(build);
    const layers = new Map<Instruction, BuiltLayer>();
    for (const [index, line] of best ? linesOfLayers(best) : []) {
      const diffId = best?.image.layers[index];
      if (best && diffId !== undefined) layers.set(line, { image: best.image.name, diffId });
    }
    return layers;
  });
}

/** The lines that made an image's layers, by layer; those that were edited since are left out. */
function linesOfLayers({ image, origin }: Candidate): ReadonlyMap<number, Instruction> {
  const lines = new Map<number, Instruction>();
  for (const [index, step] of origin.steps.entries()) {
    const layerIndex = image.steps[index]?.layerIndex;
    const isLine = step && isSameText(step) && step.instruction.keyword.value !== "ONBUILD";
    if (isLine && layerIndex !== undefined) lines.set(layerIndex, step.instruction);
  }
  return lines;
}
