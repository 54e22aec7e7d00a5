import type { Build } from "../../semantics/build.ts";
import { changeOfManager } from "../../semantics/packages/managerChanges.ts";
import type { PackageManager } from "../../semantics/packages/managers.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";

/** The known state of an image's packages at a place in a stage. */
export type PackageState<T> =
  { readonly state: "known"; readonly value: T } | { readonly state: "unknown"; readonly reason: string };

/** The changes of a package manager's state from line to line. */
export interface StateRules<T> {
  readonly manager: PackageManager;
  /** The state of the base image. */
  start(): T;
  /** The state after a RUN, or the reason why it isn't known. */
  after(before: T, run: Instruction): T | string;
}

/** A place in a stage: before the instruction of this index, or at its end. */
interface Place {
  readonly stage: Stage;
  readonly index: number;
}

/** Follows the packages of a stage from its base image to an instruction; each instruction once per build. */
export function stateBefore<T>(
  build: Build,
  stage: Stage,
  instruction: Instruction,
  rules: StateRules<T>,
): PackageState<T> {
  return stateAt(build, { stage, index: stage.instructions.indexOf(instruction) }, rules);
}

function stateAt<T>(build: Build, { stage, index }: Place, rules: StateRules<T>): PackageState<T> {
  return build.memo(`${rules.manager.name} before ${stage.index} ${index}`, () => {
    if (index > 0) return stateAfter(build, { stage, index: index - 1 }, rules);
    const below = build.scopes.baseStage(stage);
    if (!below) return { state: "known", value: rules.start() };
    const hasTriggers = below.instructions.some(({ keyword }) => keyword.value === "ONBUILD");
    if (hasTriggers) return { state: "unknown", reason: "the stage below has ONBUILD triggers" };
    return stateAt(build, { stage: below, index: below.instructions.length }, rules);
  });
}

function stateAfter<T>(build: Build, { stage, index }: Place, rules: StateRules<T>): PackageState<T> {
  const before = stateAt(build, { stage, index }, rules);
  const instruction = stage.instructions[index];
  if (before.state === "unknown" || !instruction) return before;
  const change = changeOfManager(build, instruction, rules.manager);
  if (change !== undefined) return { state: "unknown", reason: `an earlier line ${change}, which may change packages` };
  if (instruction.keyword.value !== "RUN") return before;
  const after = rules.after(before.value, instruction);
  return typeof after === "string"
    ? { state: "unknown", reason: `an earlier line's packages aren't known: ${after}` }
    : { state: "known", value: after };
}
