import { expandWith } from "../syntax/expand/expand.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";
import { baseImageOf } from "./baseImages.ts";
import { scopesIn } from "./scopes.ts";
import type { LintInput } from "../lint/rule.ts";
import { stageChain } from "./stageChains.ts";

/** Who an instruction, or the image, runs as. */
export type RuntimeUser =
  | { readonly by: "instruction"; readonly user: string; readonly instruction: Instruction }
  /** What the local base image says; "" is root. */
  | { readonly by: "baseImage"; readonly user: string; readonly reference: string }
  | { readonly by: "scratch" }
  | { readonly by: "unknown" };

/** The user at an instruction, or at the end of a stage. */
export function runtimeUser(input: LintInput, stage: Stage | undefined, before = Infinity): RuntimeUser {
  const chain = stageChain(input.file, stage);
  for (const { instructions } of chain) {
    const instruction = instructions.findLast(({ keyword, index }) => keyword.value === "USER" && index < before);
    if (instruction) return userOf(input, instruction);
  }
  return baseUser(input, chain.at(-1));
}

/** `root`, `0`, with or without a group. */
export function isRoot(user: string): boolean {
  return /^(?:root|0)?(?::.*)?$/.test(user);
}

function userOf({ file }: LintInput, instruction: Instruction): RuntimeUser {
  const { value, unknownNames, failure } = expandWith(
    instruction.rest,
    file.escape,
    scopesIn(file).lookup(instruction),
  );
  return unknownNames.length > 0 || failure
    ? { by: "unknown" }
    : { by: "instruction", user: value.trim(), instruction };
}

function baseUser({ file, facts }: LintInput, root: Stage | undefined): RuntimeUser {
  if (root?.base?.value === "scratch") return { by: "scratch" };
  const base = baseImageOf(file, root);
  const fact = base && facts.get({ kind: "baseImage", reference: base.text });
  return base && fact?.state === "known"
    ? { by: "baseImage", user: fact.value.user, reference: base.text }
    : { by: "unknown" };
}
