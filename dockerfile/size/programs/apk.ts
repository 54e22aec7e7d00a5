import { counted } from "../../../oci/core/text.ts";
import { apk as manager } from "../../semantics/packages/managers.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { RunCommand } from "../../semantics/files/runEffects.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { predictApk, type ApkPrediction } from "../apk/predict.ts";
import type { SizeDetails, Unknown } from "../estimator.ts";
import { apkNeeds, apkStateBefore, runApkLine } from "./apkStages.ts";
import type { ProgramEstimator } from "./program.ts";
import { runNeedsOf } from "./runNeeds.ts";

/** Packages of Alpine and its relatives: their files, apk's lists of them, and the indexes that it keeps. */
export const apk: ProgramEstimator = {
  id: "apk",
  programs: manager.programs,
  needs({ build, stage }) {
    const needs = apkNeeds(build, stage);
    return "unknown" in needs ? needs : [...needs, ...runNeedsOf(build, stage)];
  },
  estimate({ build, stage, instruction, commands }) {
    const before = apkStateBefore(build, stage, instruction);
    if (before.state === "unknown") return { unknown: before.reason };
    const outcome = runApkLine(build, before.value, instruction);
    if (typeof outcome === "string") return { unknown: outcome };
    const predicted = predictApk(before.value, outcome, !hasCacheMount(instruction));
    const details = detailsOf(predicted);
    const problem = problemOf(predicted, commands);
    if (problem) return { ...problem, details };
    // Virtual packages have no files.
    const count = predicted.packages.filter(({ bytes }) => bytes > 0).length;
    const because = count === 0 ? "what apk writes" : `${counted(count, "package")} of apk, by its package index`;
    return { ...predicted.total, because, trust: "guessed", details };
  },
};

function hasCacheMount(instruction: Instruction): boolean {
  return mountsOf(instruction).some(({ target }) =>
    /^\/(?:var\/cache|etc\/apk\/cache)(?:\/apk)?\/*$/.test(target?.value ?? ""),
  );
}

/** The reason why the layer may have more or less than the packages. */
function problemOf({ unclear, packages, total }: ApkPrediction, commands: readonly RunCommand[]): Unknown | undefined {
  const first = commands.findIndex(({ program }) => program === "apk");
  const removed = packages.length === 0 ? undefined : commands.slice(first).flatMap(removedPaths)[0];
  if (removed !== undefined) return { unknown: `removes ${removed}, which may belong to packages` };
  return unclear === undefined
    ? undefined
    : { unknown: `${unclear} writes more when it is installed`, atLeast: total.low };
}

/** Paths that a command removes and packages may have. */
function removedPaths({ program, words }: RunCommand): readonly string[] {
  if (program === "strip") return ["symbols"];
  if (program === "find") return words.some((word) => /^-(?:delete|exec|execdir)$/.test(word)) ? ["files found"] : [];
  if (program !== "rm") return [];
  return words.filter((word) => packaged.test(word));
}

/** Matches folders in which packages have files, and those above. */
const packaged = /^\/(?:\*?$|(?:etc|lib|opt|s?bin|usr|var\/lib|var\/www)(?:\/(?!src\b|local\b)|$))/;

function detailsOf({ packages, lists, indexes, written }: ApkPrediction): SizeDetails {
  const left = indexes.likely > 0 ? [{ label: "package index", bytes: Math.round(indexes.likely) }] : [];
  const contributors = [
    ...packages.map(({ name, bytes }) => ({ label: name, bytes })),
    { label: "apk's list of packages", bytes: Math.round(lists.likely) },
    { label: "what packages write", bytes: Math.round(written.likely) },
    ...left,
  ];
  return {
    contributors: contributors.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes),
    leftBehind: left,
    savings: left.map(({ bytes }) => ({ label: "add --no-cache", bytes })),
  };
}
