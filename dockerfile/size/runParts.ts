import { joinDetails } from "./details.ts";
import { diskOfRun } from "./diskBlocks.ts";
import type { FactKey, SizeUnit } from "../facts/fact.ts";
import type { RunCommand, RunEffects } from "../semantics/files/runEffects.ts";
import { shortText } from "../semantics/files/whatItRuns.ts";
import {
  exactly,
  trustOrder,
  type Estimate,
  type PlannedLayer,
  type SizeRange,
  type Trust,
  type Unknown,
} from "./estimator.ts";
import { sizeUnitOf } from "./unit.ts";
import type { ProgramEstimator, ProgramRun } from "./programs/program.ts";

/** The estimate of one part of a RUN's layer. */
type Part = Estimate | Unknown;

/** The facts that the programs of a RUN request, without unavailable ones, which the other parts don't need. */
export function programNeeds(
  layer: PlannedLayer,
  { commands }: RunEffects,
  estimators: readonly ProgramEstimator[],
): readonly FactKey[] {
  return runsOf(layer, commands, estimators).flatMap(({ estimator, run }) => {
    const needs = estimator.needs(run);
    return "unknown" in needs ? [] : needs.filter((key) => layer.build.facts.get(key).state !== "unavailable");
  });
}

/** Adds up what the commands of a RUN write: followed files, and the estimates for programs. */
export function sumOfParts(
  layer: PlannedLayer,
  effects: RunEffects,
  estimators: readonly ProgramEstimator[],
): Estimate | Unknown {
  const runs = runsOf(layer, effects.commands, estimators);
  const claimed = new Set(runs.flatMap(({ run }) => run.own));
  // Commands that may or may not run are a separate gap.
  const left = effects.commands.filter(
    (command) => command.effect === "other" && !claimed.has(command) && command.uncertain === undefined,
  );
  return sum([
    ...filesOf(effects, { hasPrograms: runs.length > 0, isFloor: left.length > 0, unit: sizeUnitOf(layer.build) }),
    ...runs.map(({ estimator, run }) => ask(estimator, run)),
    ...(left.length > 0 ? [{ unknown: whatRuns(left) }] : []),
  ]);
}

interface OwnRun {
  readonly estimator: ProgramEstimator;
  readonly run: ProgramRun;
}

function runsOf(
  layer: PlannedLayer,
  commands: readonly RunCommand[],
  estimators: readonly ProgramEstimator[],
): readonly OwnRun[] {
  return estimators.flatMap((estimator) => {
    const own = commands.filter(({ effect, program }) => effect === "other" && estimator.programs.has(program));
    return own.length > 0 ? [{ estimator, run: { ...layer, commands, own } }] : [];
  });
}

function ask(estimator: ProgramEstimator, run: ProgramRun): Part {
  const needs = estimator.needs(run);
  if ("unknown" in needs) return needs;
  for (const key of needs) {
    const fact = run.build.facts.get(key);
    if (fact.state !== "known")
      return { unknown: fact.state === "unavailable" ? fact.reason : "what it needs is not known yet" };
  }
  const uncertain = run.own.find((command) => command.uncertain !== undefined)?.uncertain;
  return uncertain === undefined ? estimator.estimate(run) : { unknown: uncertain };
}

interface Beside {
  readonly hasPrograms: boolean;
  /** True if other commands may have removed part of it. */
  readonly isFloor: boolean;
  /** The paths of a layer are listed only if disk space is counted. */
  readonly unit: SizeUnit;
}

/** The part for followed files; empty if they are 0 bytes and other parts have a size. */
function filesOf(effects: RunEffects, { hasPrograms, isFloor, unit }: Beside): readonly Part[] {
  const { bytes, certainBytes, mayHaveMore, linkBytes, gap } = effects;
  if (gap !== undefined) return [{ unknown: gap, atLeast: certainBytes }];
  const written = isFloor ? certainBytes : bytes;
  const what = written > 0 ? "what its file commands write" : "its commands write no file content";
  if (written === 0 && hasPrograms) return [];
  const links = linkBytes > 0 ? [`the classic builder counts ${linkBytes} bytes more, for links`] : [];
  const disk = unit === "disk" && mayHaveMore === 0 ? diskOfRun(effects) : undefined;
  const users = mayHaveMore > 0 ? ["more if packages have added users"] : [];
  const size = exactly(written, [what, ...users, ...links].join("; "));
  return [{ ...size, high: written + mayHaveMore, ...(disk && { disk }) }];
}

function whatRuns(commands: readonly RunCommand[]): string {
  const names = [...new Set(commands.map((command) => `\`${shortText(command)}\``))];
  const more = names.length > maxNamed ? `, and ${names.length - maxNamed} more` : "";
  const reasons = [...new Set(commands.flatMap(({ unknown }) => unknown ?? []))];
  return [`runs ${names.slice(0, maxNamed).join(", ")}${more}`, ...reasons].join("; ");
}

const maxNamed = 2;

function sum(parts: readonly Part[]): Part {
  const known = parts.filter((part) => "because" in part);
  const low = parts.reduce((bytes, part) => bytes + ("unknown" in part ? (part.atLeast ?? 0) : part.low), 0);
  const details = joinDetails(parts.map((part) => part.details));
  if (known.length < parts.length)
    return {
      unknown: [...new Set(parts.flatMap((part) => ("unknown" in part ? [part.unknown] : [])))].join("; "),
      ...(low > 0 && { atLeast: low }),
      ...(details && { details }),
    };
  const [first] = known;
  if (first && known.length === 1) return first;
  const disks = known.flatMap(({ disk }) => disk ?? []);
  return {
    ...sumOfRanges(known),
    ...(disks.length === known.length && { disk: sumOfRanges(disks) }),
    because: known.map(({ because }) => because).join("; "),
    trust: weakest(known.map(({ trust }) => trust ?? "computed")),
    ...(details && { details }),
  };
}

function sumOfRanges(ranges: readonly SizeRange[]): SizeRange {
  const sumOf = (side: (range: SizeRange) => number): number => ranges.reduce((bytes, range) => bytes + side(range), 0);
  return { low: sumOf(({ low }) => low), likely: sumOf(({ likely }) => likely), high: sumOf(({ high }) => high) };
}

function weakest(trusts: readonly Trust[]): Trust {
  return trustOrder[Math.max(...trusts.map((trust) => trustOrder.indexOf(trust)))] ?? "guessed";
}
