import type { BuiltImage, BuiltStep } from "../facts/fact.ts";
import { originOf, type FileOrigin } from "../origin/origin.ts";
import type { Build } from "../semantics/build.ts";
import type { Copied } from "../semantics/files/files.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";
import { diskOfCopy } from "./diskBlocks.ts";
import { exactly, type Estimate } from "./estimator.ts";
import { sizeUnitOf } from "./unit.ts";

/** What the last build of a file measured of its lines. */
export interface LastBuild {
  readonly image: string;
  /** The stage that was built. */
  readonly target: Stage;
  /** All of the image, in the unit of the file's sizes; absent if the engine doesn't tell it of every layer. */
  readonly totalBytes?: number;
  /** "unchanged": neither the line, nor what it copies, nor anything above it has changed since. */
  readonly lines: ReadonlyMap<Instruction, { readonly bytes: number; readonly since: "unchanged" | "changed" }>;
}

/**
 * The image of the local engine that this file made, of those the one that most of it fits. Worked out once for a
 * build.
 */
export function lastBuildOf(build: Build): LastBuild | undefined {
  return build.memo("last build", () => find(build));
}

/** The estimate of a line, where the last build measured it. */
export function measuredEstimate(
  build: Build,
  instruction: Instruction,
  since: "unchanged" | "changed",
): Estimate | undefined {
  const last = lastBuildOf(build);
  const line = last?.lines.get(instruction);
  if (!last || line?.since !== since) return undefined;
  return {
    ...exactly(line.bytes, `the engine's history of ${last.image}, which was built from this file`),
    unit: sizeUnitOf(build),
  };
}

interface Candidate {
  readonly image: BuiltImage;
  readonly origin: FileOrigin;
}

function find(build: Build): LastBuild | undefined {
  const fact = build.facts.get({ kind: "lastBuild" });
  if (fact.state !== "known") return undefined;
  let best: Candidate | undefined;
  for (const image of fact.value.images) {
    const origin = originOf(
      build.file,
      image.steps.map(({ createdBy }) => createdBy),
    );
    // Of equal ones the newest, which stands first.
    if (origin?.isWhole && (!best || origin.score > best.origin.score)) best = { image, origin };
  }
  return best && toLastBuild(build, best);
}

function toLastBuild(build: Build, best: Candidate): LastBuild {
  const { name, steps } = best.image;
  const sizes = steps.map(({ bytes }) => bytes);
  const isWhole = sizes.every((bytes) => bytes !== undefined);
  return {
    image: name,
    target: best.origin.target,
    lines: linesOf(build, best),
    ...(isWhole && { totalBytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }),
  };
}

function linesOf(build: Build, candidate: Candidate): LastBuild["lines"] {
  const lines = new Map<Instruction, { bytes: number; since: "unchanged" | "changed" }>();
  const { image, origin } = candidate;
  let isUnchanged = hasSameBase(build, candidate);
  const steps = stepsByInstruction(candidate);
  for (const stage of build.stageChain(origin.target).toReversed())
    for (const instruction of stage.instructions) {
      const step = steps.get(instruction);
      const recorded = step === undefined ? undefined : image.steps[step.index];
      if (step && recorded?.bytes !== undefined) {
        isUnchanged &&= step.isSameText && hasSameInputs(build, instruction, image, recorded);
        lines.set(instruction, { bytes: recorded.bytes, since: isUnchanged ? "unchanged" : "changed" });
      } else if (changesFiles.has(instruction.keyword.value)) isUnchanged = false;
    }
  return lines;
}

/** A line that the image lacks: whatever stands below runs on other files. */
const changesFiles: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR", "ENV", "ARG", "SHELL", "USER"]);

function stepsByInstruction({ origin }: Candidate) {
  const steps = new Map<Instruction, { readonly index: number; readonly isSameText: boolean }>();
  let last = -1;
  for (const [index, step] of origin.steps.entries()) {
    if (!step) continue;
    // A line that was inserted or moved above counts as a change of what is below.
    const isGapless = last < 0 || index === last + 1;
    last = index;
    // The classic builder records hashes in place of what COPY names; its inputs are compared all the same.
    const isSameText = step.confidence === "exact" || (step.doubt === "values" && isCopy(step.instruction));
    steps.set(step.instruction, { index, isSameText: isSameText && isGapless });
  }
  return steps;
}

/** Whether the image stands on the base image that is here now, or on none. */
function hasSameBase(build: Build, { image, origin }: Candidate): boolean {
  if (build.baseName(origin.lowest) === "scratch") return true;
  const base = build.baseImageFact(origin.lowest)?.layers;
  return base !== undefined && base.length > 0 && base.every((layer, index) => image.layers[index] === layer);
}

function isCopy({ keyword }: Instruction): boolean {
  return keyword.value === "COPY" || keyword.value === "ADD";
}

/** Whether what a line copies is, by its bytes and its times, what it was when the line ran. */
function hasSameInputs(
  build: Build,
  instruction: Instruction,
  image: BuiltImage,
  { bytes = 0, createdMs = image.createdMs ?? 0 }: BuiltStep,
): boolean {
  if (!build.copy(instruction)) return mountsOf(instruction).every(({ type }) => type !== "bind");
  const needs = build.files().copyNeeds(instruction);
  if ("unknown" in needs || needs.some((key) => build.facts.get(key).state !== "known")) return false;
  const copied = build.files().copied(instruction);
  if ("unknown" in copied) return false;
  if (!canMeasure(build, instruction, copied, bytes)) return false;
  return copied.placements.every((placement) => placement.newestMs() < createdMs);
}

/** Whether an engine may have measured so many bytes of what is copied. */
function canMeasure(build: Build, instruction: Instruction, copied: Copied, bytes: number): boolean {
  if (sizeUnitOf(build) === "disk") {
    const { low, high } = diskOfCopy(build, instruction, copied.placements);
    return low <= bytes && bytes <= high;
  }
  const placed = copied.bytes();
  const links = copied.placements.reduce((sum, { linkBytes }) => sum + linkBytes, 0);
  // The classic builder counts the links as well.
  return placed === bytes || placed + links === bytes;
}
