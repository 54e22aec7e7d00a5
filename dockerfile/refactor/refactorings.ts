import { instructionAt, isHuge } from "../assist/instructionAt.ts";
import type { Build } from "../semantics/build.ts";
import type { Span } from "../syntax/syntax.ts";
import { addHealthcheckToImage, addUserToImage } from "./additions.ts";
import { extractArg, inlineArg } from "./args.ts";
import { addCacheMount } from "./cacheMount.ts";
import { toExecForm, toShellForm } from "./execForm.ts";
import { fromHeredoc, toHeredoc } from "./heredoc.ts";
import { joinRuns, splitRun } from "./joinAndSplit.ts";
import { sortPackages } from "./packages.ts";
import { splitStages } from "./multiStage.ts";
import { pinPackages } from "./pinPackages.ts";
import { addVersionLabels } from "./labels.ts";
import type { Refactor, Refactoring } from "./refactoring.ts";

/** Every refactoring, in the order of the menu. */
export const refactors: readonly Refactor[] = [
  extractArg,
  inlineArg,
  joinRuns,
  splitRun,
  toHeredoc,
  fromHeredoc,
  toExecForm,
  toShellForm,
  sortPackages,
  pinPackages,
  addCacheMount,
  addUserToImage,
  addHealthcheckToImage,
  addVersionLabels,
  splitStages,
];

/** The changes offered at a range although nothing is wrong there. */
export function refactoringsAt(build: Build, range: Span): readonly Refactoring[] {
  const instruction = instructionAt(build.file, range.start);
  if (!instruction || isHuge(instruction.span)) return [];
  return refactors.flatMap((refactor) => refactor({ build, range, instruction }));
}
