import { parseBytes } from "../../../oci/core/bytes.ts";
import type { LayerSize } from "../../../dockerfile/size/estimator.ts";
import type { StageSizes } from "../../../dockerfile/size/run.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { describeLayerSize, describeTotal } from "../../../dockerfile/size/describe.ts";
import { type BuiltLayer, builtLayersOf } from "../../../dockerfile/size/builtWaste.ts";
import type { Instruction, Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Hint } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The bytes that each line of `range` is expected to add to the image, and each stage's total at its end. */
export function inlayHints({ file, build, settings }: Snapshot, range: Span): readonly Hint[] {
  if (!settings.showsSizeHints) return [];
  const limit = parseBytes(settings.sizeWarnAbove) ?? Infinity;
  return sizeStages(build)
    .flatMap((stage) => stageHints(stage, { text: file.text, limit, built: builtLayersOf(build) }))
    .filter(({ offset }) => offset >= range.start && offset <= range.end);
}

interface HintContext {
  readonly text: string;
  /** Lines that add more than these bytes are marked. */
  readonly limit: number;
  readonly built: ReadonlyMap<Instruction, BuiltLayer>;
}

function stageHints(sizes: StageSizes, { text, limit, built }: HintContext): Hint[] {
  const { stage, layers } = sizes;
  const hints: Hint[] = [];
  for (const size of layers) {
    const described = describeLayerSize(size);
    const builtLayer = built.get(size.layer.instruction);
    if (described)
      hints.push({
        offset: hintOffset(size, text),
        ...described,
        ...(bytesOf(size) > limit && { isLarge: true }),
        ...(builtLayer && { builtLayer }),
      });
  }
  const last = stage.instructions.at(-1) ?? stage.from;
  // The total of a stage with only FROM equals the size of its base, which would be repetitive.
  if (stage.instructions.length > 0) hints.push({ offset: last.span.end, ...describeTotal(sizes) });
  return hints;
}

/** The bytes that a line adds, as far as they are known; 0 for a base image, which its line only names. */
function bytesOf(size: LayerSize): number {
  if (size.layer.instruction === size.layer.stage.from) return 0;
  if (size.state === "unknown") return size.atLeast;
  return size.state === "estimated" ? size.estimate.likely : 0;
}

/** The end of the line; in a pinned FROM before the digest, where it is visible without scrolling. */
function hintOffset({ layer: { instruction, stage } }: LayerSize, text: string): number {
  const end = firstLineEnd(text, instruction.span.start);
  const digest = instruction === stage.from && stage.base ? stage.base.span.start + stage.base.value.indexOf("@") : -1;
  const isPinned = stage.base?.value.includes("@") && text[digest] === "@" && digest < end;
  return isPinned ? digest : end;
}

function firstLineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === "\r" ? end - 1 : end;
}
