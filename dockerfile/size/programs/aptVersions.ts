import type { Build } from "../../semantics/build.ts";
import { changeOfApt } from "../../semantics/packages/aptChanges.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import { createUniverse, type Universe } from "../apt/resolve/universe.ts";
import { aptFacts, aptNeeds, aptStateBefore, type AptFacts } from "./aptStages.ts";

/** The versions that apt could install at an instruction, by the sources of the base image. */
export interface AptVersions {
  /** Newest first; empty for a package that the sources don't have. */
  versionsOf(name: string): readonly string[];
  /** The version that apt would install now; undefined if it depends on more than is known. */
  candidate(name: string): string | undefined;
}

/** Returns "pending" while the package indexes are being looked up, undefined if they aren't available. */
export function aptVersionsAt(build: Build, instruction: Instruction): AptVersions | "pending" | undefined {
  const stage = build.file.stages[instruction.stageIndex];
  const needs = stage && aptNeeds(build, stage);
  if (!needs || "unknown" in needs) return undefined;
  const states = needs.map((key) => build.facts.get(key).state);
  if (states.includes("pending")) return "pending";
  const facts = aptFacts(build, stage);
  if (!facts) return undefined;
  const universe = universeOf(facts);
  const isCertain = hasSourcesOfBase(build, facts, stage, instruction);
  return {
    versionsOf: (name) => universe.versionsOf(name).map(({ it }) => it.version),
    candidate: (name) => (isCertain ? universe.candidate(name)?.version : undefined),
  };
}

/** Kept as long as the index is. */
function universeOf({ base, index: { index, memoOf } }: AptFacts): Universe {
  return memoOf(base)("universe", () => createUniverse(base, index));
}

/** True if no line changes what apt installs from, up to and including the instruction. */
function hasSourcesOfBase(build: Build, facts: AptFacts, stage: Stage, instruction: Instruction): boolean {
  if (changeOfApt(build, instruction) !== undefined) return false;
  return aptStateBefore(build, facts, stage, instruction).state === "known";
}
