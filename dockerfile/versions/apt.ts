import { changeOfManager } from "../semantics/packages/managerChanges.ts";
import { apt as manager } from "../semantics/packages/managers.ts";
import { hasOption } from "../semantics/runCommands.ts";
import { createUniverse, type Universe } from "../size/apt/resolve/universe.ts";
import { aptFacts, aptNeeds, aptStateBefore, type AptFacts } from "../size/programs/aptStages.ts";
import type { Stage } from "../syntax/syntax.ts";
import type { InstallCommand, VersionedProgram } from "./program.ts";

/** Versions of the base image's own sources. */
export const apt: VersionedProgram = {
  name: /^(?:apt|apt-get|aptitude)$/,
  actions: ["install"],
  separator: "=",
  // Debian policy 5.6.1
  package: /^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9]+)?$/,
  isExempt: (command) => hasOption(command, "-t", "--target-release", "--default-release"),
  find(command, name) {
    const { build, instruction } = command;
    const stage = build.file.stages[instruction.stageIndex];
    const needs = stage && aptNeeds(build, stage);
    if (!needs || "unknown" in needs) return undefined;
    if (needs.some((key) => build.facts.get(key).state === "pending")) return "pending";
    const facts = aptFacts(build, stage);
    if (!facts) return undefined;
    const universe = universeOf(facts);
    const candidate = hasSourcesOfBase(command, facts, stage) ? universe.candidate(name)?.version : undefined;
    return {
      versions: universe.versionsOf(name).map(({ it }) => it.version),
      ...(candidate !== undefined && { candidate }),
    };
  },
};

/** Kept as long as the index is. */
function universeOf({ base, index: { index, memoOf } }: AptFacts): Universe {
  return memoOf(base)("universe", () => createUniverse(base, index));
}

/** True if no line changes what apt installs from, up to and including the instruction. */
function hasSourcesOfBase({ build, instruction }: InstallCommand, facts: AptFacts, stage: Stage): boolean {
  if (changeOfManager(build, instruction, manager) !== undefined) return false;
  return aptStateBefore(build, facts, stage, instruction).state === "known";
}
