import type { FactKey, FactKeyOf } from "../../facts/fact.ts";
import type { Build } from "../../semantics/build.ts";
import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { changeOfManager } from "../../semantics/packages/managerChanges.ts";
import { apk, apkRepositoryLine } from "../../semantics/packages/managers.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { ApkBase, ApkRepository, KnownRepository } from "../apk/base.ts";
import { parseApk } from "../apk/command.ts";
import { repositoriesIn } from "../apk/readBase.ts";
import { runApk, startOfApk, type ApkOutcome, type ApkState, type ApkStep } from "../apk/run.ts";
import { imageKey } from "./imageKey.ts";
import { stateBefore, type PackageState } from "./stateBefore.ts";

/** The data of the image that a stage is built on; undefined until it is known. */
export function apkBaseOf(build: Build, stage: Stage): ApkBase | undefined {
  const key = imageKey(build, stage, "apkBase");
  const base = key && build.facts.get(key);
  return base?.state === "known" ? base.value : undefined;
}

/** The facts that apk lines of a stage need, as far as the known facts show; or the reason why none would help. */
export function apkNeeds(build: Build, stage: Stage): readonly FactKey[] | { readonly unknown: string } {
  const key = imageKey(build, stage, "apkBase");
  if (!key) return { unknown: "the base image isn't known, so its packages aren't either" };
  const base = apkBaseOf(build, stage);
  if (!base) return [key];
  const instructions = build.stageChain(stage).flatMap((it) => it.instructions);
  const named = instructions.flatMap((it) => [
    ...addedBy(build, it),
    ...apkStepsOf(build, it).flatMap(({ command }) => repositoriesOf(command)),
  ]);
  const urls = new Set([...base.repositories, ...named].map(({ url }) => url));
  return [key, ...[...urls].map((url) => indexKey(base, url))];
}

/** The repositories that a line adds to the image's, in effect from its start. */
function addedBy(build: Build, run: Instruction): readonly ApkRepository[] {
  const script = build.scripts().find(({ instruction }) => instruction === run)?.script;
  return repositoriesIn((script?.commands ?? []).flatMap((it) => apkRepositoryLine(it) ?? []).join("\n"));
}

function indexKey({ architecture }: ApkBase, url: string): FactKeyOf<"apkIndex"> {
  return { kind: "apkIndex", url, architecture };
}

function repositoriesOf(command: ApkStep["command"]): readonly ApkRepository[] {
  return command.does === "add" || command.does === "upgrade" ? command.repositories.map((url) => ({ url })) : [];
}

type OwnStep = Omit<ApkStep, "repositories">;

/** The commands of a RUN that concern apk, in order. */
export function apkStepsOf(build: Build, run: Instruction): readonly OwnStep[] {
  return build.memo(`commands of apk in ${run.index}`, () => {
    if (run.keyword.value !== "RUN") return [];
    const commands = build.files().run(run)?.commands ?? [];
    return commands.flatMap((command): readonly OwnStep[] => {
      if (command.program === "rm" && command.words.some(isIndexPath))
        return [{ command: { does: "nothing" }, removesIndexes: true }];
      return command.program === "apk" && command.effect === "other"
        ? [{ command: commandOf(command), removesIndexes: false }]
        : [];
    });
  });
}

function commandOf({ words, unclear }: RunCommand): ApkStep["command"] {
  return unclear === undefined
    ? parseApk(words)
    : { does: "unknown", why: `runs apk with ${unclear}, which is known only during the build` };
}

function isIndexPath(word: string): boolean {
  return /^\/var\/cache(?:\/apk)?(?:\/+(?:\*|APKINDEX.*)?)?$/.test(word);
}

/** Follows the packages of a stage from its base image to an instruction. */
export function apkStateBefore(build: Build, stage: Stage, instruction: Instruction): PackageState<ApkState> {
  const base = apkBaseOf(build, stage);
  if (!base) return { state: "unknown", reason: "its packages aren't known yet" };
  return stateBefore(build, stage, instruction, {
    manager: apk,
    start: () => startOfApk(base),
    after(before, run) {
      const outcome = runApkLine(build, before, run);
      return typeof outcome === "string" ? outcome : outcome.state;
    },
  });
}

/** Runs the commands of a line; the reason why if their effect isn't known. */
export function runApkLine(build: Build, before: ApkState, run: Instruction): ApkOutcome | string {
  const change = changeOfManager(build, run, apk);
  if (change !== undefined) return `${change}, which may change packages`;
  const all = [...before.repositories, ...addedBy(build, run)];
  const steps: ApkStep[] = [];
  for (const step of apkStepsOf(build, run)) {
    const repositories = [...all, ...repositoriesOf(step.command)];
    const known = repositories.map((it) => knownRepository(build, before.base, it));
    const missing = known.find((it) => typeof it === "string");
    const isUsed = !["nothing", "unknown"].includes(step.command.does);
    if (isUsed && missing !== undefined) return missing;
    steps.push({ ...step, repositories: known.filter((it) => typeof it !== "string") });
  }
  return runApk({ ...before, repositories: all }, steps);
}

/** A repository whose packages are known, or the reason why they aren't. */
function knownRepository(build: Build, base: ApkBase, it: ApkRepository): KnownRepository | string {
  const list = build.facts.get(indexKey(base, it.url));
  if (list.state === "known") return { ...it, list: list.value };
  return list.state === "unavailable" ? list.reason : "its packages aren't known yet";
}
