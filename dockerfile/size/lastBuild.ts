import type { BuiltImage, BuiltStep } from "../facts/fact.ts";
import { originOf, type FileOrigin, type StepOrigin } from "../origin/origin.ts";
import type { Build } from "../semantics/build.ts";
import type { Copied } from "../semantics/files/files.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";
import { diskOfCopy } from "./diskBlocks.ts";
import { exactly, type Estimate, type Estimator } from "./estimator.ts";
import { sizeUnitOf } from "./unit.ts";

/** The sizes of a file's lines measured in its last build. */
export interface LastBuild {
  readonly image: string;
  /** The stage that was built. */
  readonly target: Stage;
  /**
   * The size of the whole image, in the unit of the file's sizes; absent if the engine doesn't report it for every
   * layer.
   */
  readonly totalBytes?: number;
  /** "unchanged": neither the line, nor the files it copies, nor anything above it has changed since. */
  readonly lines: ReadonlyMap<Instruction, { readonly bytes: number; readonly since: "unchanged" | "changed" }>;
}

/**
 * The image of the local engine that was built from this file, preferring the one that fits most of it. Computed once
 * per build.
 */
export function lastBuildOf(build: Build): LastBuild | undefined {
  return build.memo("last build", () => find(build));
}

/** The newest image of the local engine that was built of each stage, if its history is most of the file's. */
export function imagesOfStages(build: Build): ReadonlyMap<Stage, BuiltImage> {
  const newest = new Map<Stage, BuiltImage>();
  for (const { image, origin } of candidatesOf(build)) if (!newest.has(origin.target)) newest.set(origin.target, image);
  return newest;
}

/** The estimator's part that answers from the last build, for lines that have or haven't changed since. */
export function measuredBy(since: "unchanged" | "changed"): Pick<Estimator, "needs" | "estimate"> {
  return {
    needs({ build, instruction }) {
      const fact = build.facts.get({ kind: "lastBuild" });
      if (fact.state === "unavailable" || instruction.keyword.value === "FROM") return undefined;
      if (fact.state === "pending") return [{ kind: "lastBuild" }];
      return measuredEstimate(build, instruction, since) && [];
    },
    estimate: ({ build, instruction }) =>
      measuredEstimate(build, instruction, since) ?? { unknown: "it was not measured" },
  };
}

/** The estimate of a line, if the last build measured it. */
function measuredEstimate(
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

/** An image that was built from a file, and the lines that made its steps. */
export interface Candidate {
  readonly image: BuiltImage;
  readonly origin: FileOrigin;
}

/** The image of the local engine that fits most of the file; of several the newest. */
export function bestCandidate(build: Build): Candidate | undefined {
  let best: Candidate | undefined;
  // Of equal ones the newest, which comes first.
  for (const candidate of candidatesOf(build))
    if (!best || candidate.origin.score > best.origin.score) best = candidate;
  return best;
}

function find(build: Build): LastBuild | undefined {
  const best = bestCandidate(build);
  return best && toLastBuild(build, best);
}

/** The images whose histories are most of the file's, newest first. Compared once per build. */
function candidatesOf(build: Build): readonly Candidate[] {
  return build.memo("built images", () => {
    const fact = build.facts.get({ kind: "lastBuild" });
    if (fact.state !== "known") return [];
    return fact.value.images.flatMap((image) => {
      const origin = originOf(
        build.file,
        image.steps.map(({ createdBy }) => createdBy),
      );
      return origin?.isWhole ? [{ image, origin }] : [];
    });
  });
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

/** If one of these lines is missing from the image, everything below runs on other files. */
const changesFiles: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR", "ENV", "ARG", "SHELL", "USER"]);

function stepsByInstruction({ origin }: Candidate) {
  const steps = new Map<Instruction, { readonly index: number; readonly isSameText: boolean }>();
  let last = -1;
  for (const [index, step] of origin.steps.entries()) {
    if (!step) continue;
    // A line that was inserted or moved above counts as a change of everything below.
    const isGapless = last < 0 || index === last + 1;
    last = index;
    steps.set(step.instruction, { index, isSameText: isSameText(step) && isGapless });
  }
  return steps;
}

/**
 * True if a step was recorded with the text of its line. The classic builder records hashes instead of the sources of
 * COPY, which counts as the same.
 */
export function isSameText({ confidence, doubt, instruction }: StepOrigin): boolean {
  return confidence === "exact" || (doubt === "values" && isCopy(instruction));
}

/** True if the image is based on the local base image, or on none. */
function hasSameBase(build: Build, { image, origin }: Candidate): boolean {
  if (build.baseName(origin.lowest) === "scratch") return true;
  const base = build.baseImageFact(origin.lowest)?.layers;
  return base !== undefined && base.length > 0 && base.every((layer, index) => image.layers[index] === layer);
}

function isCopy({ keyword }: Instruction): boolean {
  return keyword.value === "COPY" || keyword.value === "ADD";
}

/** True if the files that a line copies are the same as when the line ran, by their bytes and times. */
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

/** True if an engine may have measured this number of bytes for the copied files. */
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
