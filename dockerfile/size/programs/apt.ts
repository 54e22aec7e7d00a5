import { changeOfManager } from "../../semantics/packages/managerChanges.ts";
import { apt as manager } from "../../semantics/packages/managers.ts";
import { distributionProblem } from "../apt/validated.ts";
import type { PredictedSize, Saving } from "../apt/predict.ts";
import type { AptFiles } from "../apt/command.ts";
import type { Estimate, SizeDetails, Unknown } from "../estimator.ts";
import { aptFacts, aptNeeds, aptStateBefore, predictRun } from "./aptStages.ts";
import type { ProgramEstimator, ProgramRun } from "./program.ts";
import { runNeedsOf } from "./runNeeds.ts";

/** Debian packages: the files that apt installs and leaves, and those that dpkg and the packages' scripts write. */
export const apt: ProgramEstimator = {
  id: "apt",
  programs: manager.programs,
  needs({ build, stage }) {
    const needs = aptNeeds(build, stage);
    if ("unknown" in needs) return needs;
    return [...needs, ...runNeedsOf(build, stage)];
  },
  estimate(run) {
    const { build, stage, instruction, commands } = run;
    const facts = aptFacts(build, stage);
    if (!facts) return { unknown: "its packages aren't known yet" };
    const problem = distributionProblem(facts.base) ?? problemWithin(run);
    if (problem !== undefined) return { unknown: problem };
    const before = aptStateBefore(build, facts, stage, instruction);
    if (before.state === "unknown") return { unknown: before.reason };
    const prediction = predictRun(facts, before.value, instruction, commands);
    return prediction.state === "predicted"
      ? answerOf(prediction, facts.base.distribution.name)
      : { unknown: prediction.reason };
  },
};

/** The reason why other commands on the line make its packages unknown. */
function problemWithin({ build, instruction }: ProgramRun): string | undefined {
  const change = changeOfManager(build, instruction, manager);
  return change === undefined ? undefined : `${change}, which may change packages`;
}

/** Beyond this uncertainty, half of it either way, a number would claim more than is known. */
const maxSpread = 0.25;

function answerOf(predicted: PredictedSize, distribution: string): Estimate | Unknown {
  const { low, likely, high, trust } = predicted;
  const details = detailsOf(predicted);
  if (Math.max(high - likely, likely - low) > maxSpread * likely)
    return { unknown: "the sizes of its packages are known too roughly", atLeast: low, details };
  const isLearned = trust.typical === 0 && trust.measured <= maxOtherShare * likely;
  return {
    low,
    likely,
    high,
    because: because(predicted, distribution),
    trust: isLearned ? "learned" : "guessed",
    details,
  };
}

/** The share of bytes not measured with the same version up to which a size still counts as learned. */
const maxOtherShare = 0.02;

function because({ packageCount }: PredictedSize, distribution: string): string {
  const packages = packageCount === 1 ? "1 package" : `${packageCount} packages`;
  return packageCount === 0
    ? `what apt writes in ${distribution}`
    : `${packages} of ${distribution}, by its package index`;
}

function detailsOf({ contributors, leftBehind, savings }: PredictedSize): SizeDetails {
  return {
    contributors,
    leftBehind: leftBehind.map(({ what, bytes }) => ({ label: leftLabels[what], bytes })),
    savings: savings.map(({ change, bytes }) => ({
      label: changeLabels[change],
      bytes,
      ...(change === "clean" && { command: "apt-get clean" }),
    })),
  };
}

const leftLabels: Readonly<Record<AptFiles, string>> = {
  lists: "package lists",
  archives: "downloaded packages",
  caches: "apt's caches",
};

const changeLabels: Readonly<Record<Saving["change"], string>> = {
  "no-install-recommends": "add --no-install-recommends",
  "remove-lists": "remove the package lists",
  clean: "run apt-get clean",
};
