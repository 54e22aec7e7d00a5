import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { apt } from "../../semantics/packages/managers.ts";
import type { Build } from "../../semantics/build.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { FactKey, FactState, FactTypes } from "../../facts/fact.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { AptBase } from "../apt/base.ts";
import { parseAptCommand, type AptFiles } from "../apt/command.ts";
import { predictApt, type AptPrediction } from "../apt/predict.ts";
import { stageOf, type AptStage } from "../apt/stage.ts";
import { imageKey } from "./imageKey.ts";
import { stateBefore, type PackageState } from "./stateBefore.ts";

type Known<Kind extends "aptBase" | "aptIndex" | "learnedPackages"> = Extract<
  FactState<FactTypes[Kind]>,
  { readonly state: "known" }
>;

/** The facts of the image that a stage is built on. */
export interface AptFacts {
  readonly base: Known<"aptBase">["value"];
  readonly index: Known<"aptIndex">["value"];
  /** Absent while it is being learned: a rough size now is better than none. */
  readonly learned?: Known<"learnedPackages">["value"];
}

/** The facts that apt lines of a stage need, as far as the known facts show; or the reason why none would help. */
export function aptNeeds(build: Build, stage: Stage): readonly FactKey[] | { readonly unknown: string } {
  const key = imageKey(build, stage, "aptBase");
  if (key === undefined) return { unknown: "the base image isn't known, so its packages aren't either" };
  const base = build.facts.get(key);
  return base.state === "known" ? [key, indexKey(base.value)] : [key];
}

export function aptFacts(build: Build, stage: Stage): AptFacts | undefined {
  const key = imageKey(build, stage, "aptBase");
  if (!key) return undefined;
  const base = build.facts.get(key);
  if (base.state !== "known") return undefined;
  const index = build.facts.get(indexKey(base.value));
  if (index.state !== "known") return undefined;
  const learned = build.facts.get({ ...key, kind: "learnedPackages" });
  return {
    base: base.value,
    index: index.value,
    ...(learned.state === "known" && { learned: learned.value }),
  };
}

function indexKey({ sources, architecture }: AptBase): Extract<FactKey, { readonly kind: "aptIndex" }> {
  return { kind: "aptIndex", sources, architecture };
}

/** Follows the packages of a stage from its base image to an instruction. */
export function aptStateBefore(
  build: Build,
  facts: AptFacts,
  stage: Stage,
  instruction: Instruction,
): PackageState<AptStage> {
  return stateBefore(build, stage, instruction, {
    manager: apt,
    start: () => startOf(facts),
    after(before, run) {
      const commands = aptCommandsOf(build, run);
      if (commands.length === 0) return before;
      const prediction = predictRun(facts, before, run, commands);
      return prediction.state === "predicted" ? prediction.after : prediction.reason;
    },
  });
}

/** The commands of a RUN that concern apt, in order. */
function aptCommandsOf(build: Build, instruction: Instruction): readonly RunCommand[] {
  const commands = build.files().run(instruction)?.commands ?? [];
  return commands.filter((command) => parseAptCommand(wordsOf(command)) !== undefined);
}

export function wordsOf({ program, words }: RunCommand): {
  readonly program: string;
  readonly args: readonly string[];
} {
  return { program, args: words };
}

function startOf({ base, index: { memoOf } }: AptFacts): AptStage {
  return memoOf(base)("stage", () => stageOf(base));
}

/** Predicts a RUN; kept as long as the index is. */
export function predictRun(
  { index: { index, measured, memoOf }, learned }: AptFacts,
  stage: AptStage,
  instruction: Instruction,
  commands: readonly RunCommand[],
): AptPrediction {
  const cacheMounts = cacheMountsOf(instruction);
  const words = commands.map(wordsOf);
  return memoOf(stage)(JSON.stringify([learned?.id, [...cacheMounts], words]), () =>
    predictApt({ commands: words, stage, index, measured, cacheMounts, ...(learned && { learned: learned.find }) }),
  );
}

function cacheMountsOf(instruction: Instruction): ReadonlySet<AptFiles> {
  const folders = mountsOf(instruction).flatMap(({ target }) => target?.value.replace(/\/+$/, "") ?? []);
  const isCovered = (path: string): boolean => folders.some((folder) => `${path}/`.startsWith(`${folder}/`));
  const files: readonly (readonly [AptFiles, string])[] = [
    ["lists", "/var/lib/apt/lists"],
    ["archives", "/var/cache/apt/archives"],
    ["caches", "/var/cache/apt"],
  ];
  return new Set(files.filter(([, path]) => isCovered(path)).map(([what]) => what));
}
