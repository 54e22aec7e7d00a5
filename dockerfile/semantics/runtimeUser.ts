import type { Stage } from "../syntax/syntax.ts";
import type { Build, RuntimeUser } from "./build.ts";

type UserInput = Pick<Build, "stageChain" | "expand" | "baseImage" | "baseImageFact">;

/** The user at an instruction, or at the end of a stage. */
export function runtimeUser(build: UserInput, stage: Stage | undefined, before: number): RuntimeUser {
  const chain = build.stageChain(stage);
  for (const { instructions } of chain) {
    const instruction = instructions.findLast(({ keyword, index }) => keyword.value === "USER" && index < before);
    if (!instruction) continue;
    const user = build.expand(instruction, instruction.rest);
    return user === undefined ? { by: "unknown" } : { by: "instruction", user: user.trim(), instruction };
  }
  return baseUser(build, chain.at(-1));
}

/** True for `root` or `0`, with or without a group. */
export function isRoot(user: string): boolean {
  return /^(?:root|0)?(?::.*)?$/.test(user);
}

function baseUser(build: UserInput, root: Stage | undefined): RuntimeUser {
  if (root?.base?.value === "scratch") return { by: "scratch" };
  const base = build.baseImage(root);
  const fact = build.baseImageFact(root);
  return base && fact ? { by: "baseImage", user: fact.user, reference: base.text } : { by: "unknown" };
}
