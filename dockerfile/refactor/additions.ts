import { addHealthcheck, hasHealthcheck } from "../lint/fixes/addHealthcheck.ts";
import { addUser } from "../lint/fixes/addUser.ts";
import type { RuleFix } from "../lint/rule.ts";
import { hasInChain } from "../semantics/stages.ts";
import type { Stage } from "../syntax/syntax.ts";
import type { Refactor, Refactoring, Selected } from "./refactoring.ts";

/** Adds a health check to the image that a build without a target makes. */
export const addHealthcheckToImage: Refactor = (selected) => {
  const stage = finalStage(selected);
  return stage && !hasHealthcheck(selected.build, stage) ? offered(addHealthcheck(selected.build, stage)) : [];
};

/** Adds a user to an image that names none. */
export const addUserToImage: Refactor = (selected) => {
  const { build } = selected;
  const stage = finalStage(selected);
  return stage && !hasInChain(build, stage, "USER") ? offered(addUser(build)) : [];
};

/** The last stage, if the cursor is at an instruction that says what the image is. */
export function finalStage({ build, instruction }: Selected): Stage | undefined {
  const stage = build.file.stages.at(-1);
  return stage?.index === instruction.stageIndex && places.has(instruction.keyword.value) ? stage : undefined;
}

const places: ReadonlySet<string> = new Set(["FROM", "EXPOSE", "CMD", "ENTRYPOINT"]);

function offered(fix: RuleFix | undefined): readonly Refactoring[] {
  return fix ? [{ title: fix.title, kind: "rewrite", changes: fix.changes }] : [];
}
