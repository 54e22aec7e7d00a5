import { counted } from "../../../oci/core/text.ts";
import type { Estimate, SizeDetails, SizeRange, Unknown } from "../estimator.ts";
import { addRanges, rounded } from "../apt/bytes/range.ts";
import { firstRunBytes, predictPip, type PipPrediction } from "../python/predict.ts";
import { pipCommandsIn, pipPrograms, variablesOf, type OwnPip } from "./pipCommands.ts";
import { leftByPip, type PipLeavings } from "./pipLeavings.ts";
import { followPip, type FollowedInstall } from "./pipStages.ts";
import type { ProgramEstimator, ProgramRun } from "./program.ts";
import { runNeedsOf } from "./runNeeds.ts";

/** Packages of Python: the wheels that pip chooses from its index, the byte code that it compiles, and its cache. */
export const pip: ProgramEstimator = {
  id: "pip",
  programs: pipPrograms,
  needs(run) {
    const { build, stage, instruction } = run;
    const runNeeds = runNeedsOf(build, stage);
    if (runNeeds.some((key) => build.facts.get(key).state === "pending")) return runNeeds;
    if (!pipCommandsIn(build, instruction).some(({ pip: it }) => it.does === "install")) return [];
    const followed = followPip(build, stage, instruction);
    return followed.state === "unknown" ? { unknown: followed.reason } : [...runNeeds, ...followed.keys];
  },
  estimate(run) {
    const own = pipCommandsIn(run.build, run.instruction);
    const other = own.flatMap(({ pip: it }) =>
      it.does === "venv" ? ["creates a virtual environment"] : it.does === "unknown" ? [it.why] : [],
    );
    const leavings = leftByPip(run, own);
    const installs = own.some(({ pip: it }) => it.does === "install") ? installsOf(run) : [];
    if ("unknown" in installs) return installs;
    const known = total(run, installs, leavings, own);
    const missing = installs.flatMap(({ packages }) => packages.missing ?? []);
    const unknown = [...other, ...missing, ...(leavings.problem === undefined ? [] : [leavings.problem])];
    if (unknown.length === 0) return known;
    return {
      unknown: [...new Set(unknown)].join("; "),
      ...(leavings.problem === undefined && known.low > 0 && { atLeast: known.low }),
      ...(installs.length > 0 && known.details && { details: known.details }),
    };
  },
};

function installsOf({ build, stage, instruction }: ProgramRun): readonly FollowedInstall[] | Unknown {
  const followed = followPip(build, stage, instruction);
  if (followed.state === "known") return followed.installs;
  return { unknown: followed.state === "unknown" ? followed.reason : "its packages aren't known yet" };
}

function total(
  run: ProgramRun,
  installs: readonly FollowedInstall[],
  leavings: PipLeavings,
  own: readonly OwnPip[],
): Estimate {
  const parts = installs.map(({ pip: { compiles, keepsCache }, packages, before }) =>
    predictPip(packages, { base: before.base, compiles, keepsCache: keepsCache && leavings.keepsCache }),
  );
  const first = firstRunOf(run, installs, own);
  const all = parts.flatMap(({ files, byteCode, cache }) => [files, byteCode, cache]);
  const range = rounded(addRanges([...all, first]));
  const count = parts.reduce((sum, { packages }) => sum + packages.length, 0);
  return {
    ...range,
    because:
      count === 0 ? "what pip writes of itself" : `${counted(count, "package")} of Python, by the index that pip uses`,
    trust: "guessed",
    details: detailsOf(parts, first),
  };
}

function detailsOf(parts: readonly PipPrediction[], first: SizeRange): SizeDetails {
  const cache = Math.round(parts.reduce((sum, part) => sum + part.cache.likely, 0));
  const own = Math.round(first.likely);
  const contributors = [
    ...parts.flatMap(({ packages }) => packages),
    ...(cache > 0 ? [{ label: "pip's cache", bytes: cache }] : []),
    ...(own > 0 ? [{ label: "byte code of Python and pip", bytes: own }] : []),
  ];
  return {
    contributors: contributors.sort((a, b) => b.bytes - a.bytes),
    leftBehind: cache > 0 ? [{ label: "pip's cache", bytes: cache }] : [],
    savings: cache > 0 ? [{ label: "add --no-cache-dir", bytes: cache }] : [],
  };
}

const none: SizeRange = { low: 0, likely: 0, high: 0 };

/** The byte code of Python and of pip itself, which the first run of pip in an image writes. */
function firstRunOf(run: ProgramRun, installs: readonly FollowedInstall[], own: readonly OwnPip[]): SizeRange {
  const [first] = installs;
  const command = own.find(({ pip: it }) => it.does === "install")?.command;
  if (!first || !command || !writesByteCode(run, command.environment)) return none;
  if (first.before.hasRun === "yes") return none;
  const replacesPip = first.packages.packages.some(({ name }) => name === "pip");
  const range = firstRunBytes(first.before.base, replacesPip);
  return first.before.hasRun === "no" ? range : { ...range, low: 0 };
}

function writesByteCode({ build, stage, instruction }: ProgramRun, environment: ReadonlyMap<string, string>): boolean {
  const variable = variablesOf(build, instruction, environment)("PYTHONDONTWRITEBYTECODE");
  const user = build.user(stage, stage.instructions.indexOf(instruction));
  const isRoot = user.by === "instruction" || user.by === "baseImage" ? /^(?:root|0|)(?::|$)/.test(user.user) : true;
  return (variable ?? "") === "" && isRoot;
}
