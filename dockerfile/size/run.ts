import { formatBytes } from "../../oci/core/bytes.ts";
import type { SizeUnit } from "../facts/fact.ts";
import type { Build } from "../semantics/build.ts";
import type { Stage } from "../syntax/syntax.ts";
import {
  trustOrder,
  type Estimate,
  type Estimator,
  type LayerSize,
  type PlannedLayer,
  type StageTotal,
  type Trust,
  type Unknown,
  type UnknownSize,
} from "./estimator.ts";
import { joinDetails } from "./details.ts";
import { lastBuildOf } from "./lastBuild.ts";
import { estimators } from "./estimators/index.ts";
import { planStage } from "./plan.ts";
import { sizeUnitOf, unitWords } from "./unit.ts";

export interface StageSizes {
  readonly stage: Stage;
  /** FROM first. */
  readonly layers: readonly LayerSize[];
  /** The unit of all its sizes. */
  readonly unit: SizeUnit;
  /** Includes the base. */
  readonly total: StageTotal;
  /** The layers missing from the total, including those of the stages below. */
  readonly unknown: readonly UnknownSize[];
  /** True if part of it was measured when an older text of the file was built. */
  readonly isPartlyOld: boolean;
  /** Bytes that the stage is expected to grow compared with the last build; absent if unknown. */
  readonly sinceLastBuild?: number;
}

/** Sizes of every stage, in the file's order. Never waits: a missing fact makes its layer "pending". */
export function sizeStages(build: Build): readonly StageSizes[] {
  return build.memo("sizes", () => sizeAll(build, build.file.stages));
}

/** Sizes of one stage, without looking at stages that it isn't built on. Never waits. */
export function sizeStage(build: Build, stage: Stage): StageSizes | undefined {
  return sizeAll(build, build.stageChain(stage).toReversed()).at(-1);
}

/** Sizes of stages, each after the one that it is built on. */
function sizeAll(build: Build, stages: readonly Stage[]): readonly StageSizes[] {
  const done = build.memo("sizes by stage", () => new Map<number, StageSizes>());
  return stages.map((stage) => {
    const sizes = done.get(stage.index) ?? sizeOne(build, stage, done);
    done.set(stage.index, sizes);
    return sizes;
  });
}

function sizeOne(build: Build, stage: Stage, done: ReadonlyMap<number, StageSizes>): StageSizes {
  const base = build.scopes.baseStage(stage);
  const below = base && done.get(base.index);
  const layers = planStage(build, stage).map((layer) => sizeOf(layer, below));
  const total = totalOf(layers);
  const sinceLastBuild = growthOf(build, stage, total);
  return {
    stage,
    unit: sizeUnitOf(build),
    layers,
    total,
    unknown: [...(below?.unknown ?? []), ...layers.filter((layer) => layer.state === "unknown")],
    isPartlyOld: below?.isPartlyOld === true || layers.some(isOld),
    ...(sinceLastBuild !== undefined && { sinceLastBuild }),
  };
}

/** The growth; undefined if the stage was not built, or if it isn't known completely. */
function growthOf(build: Build, stage: Stage, total: StageTotal): number | undefined {
  if (total.unknown > 0 || total.pending > 0) return undefined;
  const last = lastBuildOf(build);
  if (last?.target !== stage || last.totalBytes === undefined) return undefined;
  // A difference within the tolerance of the estimates doesn't count as growth.
  const isCertain = total.low >= last.totalBytes || total.high <= last.totalBytes;
  return isCertain ? total.likely - last.totalBytes : undefined;
}

function isOld(size: LayerSize): boolean {
  return size.state === "estimated" && size.trust === "last build";
}

function sizeOf(layer: PlannedLayer, base: StageSizes | undefined): LayerSize {
  if (!base || layer.instruction !== layer.stage.from) return mostTrusted(layer);
  return { state: "stage", layer, stageName: base.stage.name?.value ?? String(base.stage.index), total: base.total };
}

type Answer = { readonly estimate: Estimate; readonly trust: Trust } | { readonly pending: true } | Unknown;

/** The most trusted estimate; of equal trust the narrowest. A layer without an estimate stays unknown. */
function mostTrusted(layer: PlannedLayer): LayerSize {
  const answers = estimators.flatMap((estimator) => ask(estimator, layer) ?? []);
  let best: { readonly estimate: Estimate; readonly trust: Trust } | undefined;
  for (const answer of answers) {
    if ("estimate" in answer && (!best || isBetter(answer, best))) best = answer;
  }
  if (best) return { state: "estimated", layer, ...best };
  if (answers.some((answer) => "pending" in answer)) return { state: "pending", layer };
  const unknown = answers.filter((answer) => "unknown" in answer);
  const details = joinDetails(unknown.map((answer) => answer.details));
  return {
    state: "unknown",
    layer,
    reason: [...new Set(unknown.map((answer) => answer.unknown))].join("; ") || "its size is known only after a build",
    atLeast: Math.max(0, ...unknown.map(({ atLeast = 0 }) => atLeast)),
    ...(details && { details }),
  };
}

function ask(estimator: Estimator, layer: PlannedLayer): Answer | undefined {
  const needs = estimator.needs(layer);
  if (needs === undefined || "unknown" in needs) return needs;
  let isPending = false;
  for (const key of needs) {
    const fact = layer.build.facts.get(key);
    if (fact.state === "unavailable") return { unknown: fact.reason };
    isPending ||= fact.state === "pending";
  }
  if (isPending) return { pending: true };
  const answer = estimator.estimate(layer);
  if ("unknown" in answer) return answer;
  const estimate = inUnit(answer, sizeUnitOf(layer.build));
  return "unknown" in estimate ? estimate : { estimate, trust: answer.trust ?? estimator.trust };
}

/** The estimate in the file's unit. */
function inUnit(estimate: Estimate, unit: SizeUnit): Estimate | Unknown {
  if ((estimate.unit ?? "content") === unit) return estimate;
  if (unit === "disk" && estimate.disk) return { ...estimate, ...estimate.disk, unit };
  const known = `${formatBytes(estimate.likely)} of ${unitWords[estimate.unit ?? "content"]}`;
  return { unknown: `only known as ${known}, and this engine counts ${unitWords[unit]}` };
}

function isBetter(a: { estimate: Estimate; trust: Trust }, b: { estimate: Estimate; trust: Trust }): boolean {
  if (a.trust !== b.trust) return trustOrder.indexOf(a.trust) < trustOrder.indexOf(b.trust);
  return a.estimate.high - a.estimate.low < b.estimate.high - b.estimate.low;
}

function totalOf(layers: readonly LayerSize[]): StageTotal {
  const total = { low: 0, likely: 0, high: 0, unknown: 0, pending: 0 };
  for (const size of layers) {
    const part = partOf(size);
    total.low += part.low;
    total.likely += part.likely;
    total.high += part.high;
    total.unknown += part.unknown;
    total.pending += part.pending;
  }
  return total;
}

function partOf(size: LayerSize): StageTotal {
  const nothing = { low: 0, likely: 0, high: 0, unknown: 0, pending: 0 };
  switch (size.state) {
    case "estimated":
      return { ...nothing, low: size.estimate.low, likely: size.estimate.likely, high: size.estimate.high };
    case "stage":
      return size.total;
    case "pending":
      return { ...nothing, pending: 1 };
    case "unknown":
      return { ...nothing, low: size.atLeast, likely: size.atLeast, high: size.atLeast, unknown: 1 };
  }
}
