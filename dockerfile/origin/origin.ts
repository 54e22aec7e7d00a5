import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";
import { scopesOf } from "../syntax/expand/variables.ts";
import { shellsInEffect } from "../shell/inEffect.ts";
import { align, type Aligned } from "./align.ts";
import { buildArgsIn } from "./buildArgs.ts";
import { planSteps, type PlannedStep } from "./expectedSteps.ts";
import { readingsOf } from "./variableReadings.ts";
import { readStep, type RecordedStep } from "./step.ts";

/** The line from which a history step comes. */
export interface StepOrigin {
  /** For a step of an ONBUILD trigger, the ONBUILD. */
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** "exact": the text is the same, and the file as a whole fits. "likely": some doubt remains. */
  readonly confidence: "exact" | "likely";
  /** Set if likely. */
  readonly doubt?: Doubt;
}

/**
 * The reason why an origin isn't exact. "values": keyword and position fit between lines that are the same, but the
 * history has hashes, or values that aren't in the file. "repeated": the file or the history has the same text more
 * often than the other. "fewLines": little else of the file is in the history.
 */
export type Doubt = "values" | "repeated" | "fewLines";

/** The correspondence between a Dockerfile and an image's history. */
export interface FileOrigin {
  /** The stage that was built. */
  readonly target: Stage;
  /** The stage below all others, whose FROM names an image. */
  readonly lowest: Stage;
  /** One entry per step; undefined if no line fits, and for the base image's steps below the first that fits. */
  readonly steps: readonly (StepOrigin | undefined)[];
  /**
   * A measure for comparing files: it is higher, the more of the history a file explains, and the less of the file is
   * missing there.
   */
  readonly score: number;
  /**
   * The number of lines in the target's chain of stages that every builder records, and how many of them are in the
   * history.
   */
  readonly lineCount: number;
  readonly matchedCount: number;
  /** True if that is most of the file. */
  readonly isWhole: boolean;
}

/**
 * Finds the lines that an image's steps (`created_by`, oldest first) come from, for the target stage that explains
 * most. Undefined if no line fits, or if file and history are too long to compare.
 */
export function originOf(file: Dockerfile, createdBy: readonly string[]): FileOrigin | undefined {
  const steps = createdBy.map(readStep);
  const buildArgs = buildArgsIn(file, steps);
  const { baseStage } = scopesOf(file, { buildArgs });
  const input = { file, shellAt: shellsInEffect(file), readings: readingsOf(file, buildArgs) };
  const stepWork = sum(steps.map(({ text }) => workOf(text.length)));
  let best: FileOrigin | undefined;
  let left = maxWork;
  for (const target of file.stages.toReversed()) {
    const chain = chainOf(target, baseStage);
    left -= stepWork * sum(chain.map(({ span, instructions }) => instructions.length + workOf(span.end - span.start)));
    if (left < 0) return best;
    const found = originIn(chain, planSteps(chain, input), steps);
    if (found && (best === undefined || found.score > best.score)) best = found;
  }
  return best;
}

/**
 * The limit on steps × lines of all stages together; a long text counts as several. A thousand of each take a third of
 * a second.
 */
const maxWork = 3_000_000;

function workOf(characters: number): number {
  return 1 + (characters >> 8);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Base first. */
type Chain = readonly [lowest: Stage, ...others: Stage[]];

function chainOf(target: Stage, baseStage: (stage: Stage) => Stage | undefined): Chain {
  let chain: Chain = [target];
  for (let stage = baseStage(target); stage; stage = baseStage(stage)) chain = [stage, ...chain];
  return chain;
}

// A RUN or COPY distinguishes files; a setting such as `CMD ["bash"]` hardly does.
const fileWeight = 8;
const settingWeight = 4;

function originIn(
  chain: Chain,
  planned: readonly PlannedStep[],
  steps: readonly RecordedStep[],
): FileOrigin | undefined {
  const aligned = align({
    stepCount: steps.length,
    lineCount: planned.length,
    fit: (step, line) => (steps[step] && planned[line]?.fit(steps[step])) ?? "other",
    weight: (line) => (planned[line]?.makesFiles ? fileWeight : settingWeight),
    cost: (line) => (planned[line]?.isAlwaysRecorded ? 1 : 0),
  });
  const kept = aligned.steps.map((pair, step) =>
    pair && (isSame(pair) || isHeld(step, aligned.steps, planned)) ? pair : undefined,
  );
  if (!kept.some(isSame)) return undefined;
  const lineCount = planned.filter(({ isAlwaysRecorded }) => isAlwaysRecorded).length;
  const matchedCount = kept.filter((pair) => pair && planned[pair.line]?.isAlwaysRecorded).length;
  const isWhole = matchedCount * 2 >= lineCount && (kept.at(-1) !== undefined || matchedCount >= fewLines);
  const [lowest] = chain;
  return {
    target: chain.at(-1) ?? lowest,
    lowest,
    score: aligned.score,
    lineCount,
    matchedCount,
    isWhole,
    steps: kept.map((pair) => pair && stepOrigin(pair, planned, isWhole ? "whole" : "part")),
  };
}

/** Fewer lines than this, with other steps above them, could be in any image. */
const fewLines = 3;

type Pair = NonNullable<Aligned["steps"][number]>;

/**
 * True if a step whose values are unknown can only be at this position: either there are no gaps between it and other
 * steps that are the same, or an end of the file; or it is between such steps and has no rival.
 */
function isHeld(step: number, pairs: Aligned["steps"], planned: readonly PlannedStep[]): boolean {
  const pair = pairs[step];
  if (!pair?.isOnly) return false;
  const isBetween = pair.isUnrivalled && pairs.slice(0, step).some(isSame) && pairs.slice(step + 1).some(isSame);
  return isBetween || ([-1, 1] as const).every((direction) => isTied(step, direction, pairs, planned));
}

/** True if pairs without a gap lead from a step to one that is the same, or to an end of the file. */
function isTied(step: number, direction: -1 | 1, pairs: Aligned["steps"], planned: readonly PlannedStep[]): boolean {
  let line = pairs[step]?.line ?? 0;
  for (let next = step + direction; ; next += direction) {
    do line += direction;
    while (planned[line]?.isAlwaysRecorded === false && pairs[next]?.line !== line);
    if (planned[line] === undefined) return true;
    const pair = pairs[next];
    if (pair?.line !== line) return false;
    if (isSame(pair)) return true;
  }
}

function isSame(pair: Pair | undefined): boolean {
  return pair?.fit === "same";
}

function stepOrigin(
  { line, fit, isOnly }: Pair,
  planned: readonly PlannedStep[],
  file: "whole" | "part",
): StepOrigin | undefined {
  const found = planned[line];
  if (!found) return undefined;
  const { instruction, stage } = found;
  const doubt: Doubt | undefined =
    fit === "open" ? "values" : !isOnly ? "repeated" : file === "part" ? "fewLines" : undefined;
  return { instruction, stage, ...(doubt ? { confidence: "likely", doubt } : { confidence: "exact" }) };
}
