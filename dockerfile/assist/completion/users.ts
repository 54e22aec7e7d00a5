import { operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import type { Completion, CompletionInput, Offer } from "./completion.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import { isBasePending } from "./variables.ts";

/**
 * Users that a stage is likely to have: those that its RUNs create, those that the file names, and the base image's.
 */
export function userOffer(input: CompletionInput, instruction: Instruction | undefined, typed: string): Offer {
  const { build } = input;
  const chain = build.stageChain(build.file.stages[instruction?.stageIndex ?? -1]);
  const base = build.baseImageFact(chain.at(-1))?.user ?? "";
  const found = new Map<string, string>();
  const add = (name: string, detail: string) => {
    if (/^[\w.:-]+$/.test(name) && !found.has(name)) found.set(name, detail);
  };
  for (const name of createdUsers(input, chain)) add(name, "created in this file");
  for (const name of namedUsers(input, instruction)) add(name, "used in this file");
  add(base, "user of the base image");
  add("root", "0");
  add("nobody", "");
  // If a group is already written, an offer must not remove the user.
  const fitting = [...found].filter(([name]) => !typed.includes(":") || name.startsWith(typed));
  const items = fitting.map(([label, detail]): Completion => ({
    label,
    kind: "user",
    ...(detail !== "" && { detail }),
  }));
  return { items, isIncomplete: isBasePending(input, instruction) };
}

function createdUsers({ build }: CompletionInput, chain: readonly Stage[]): readonly string[] {
  const stages = new Set(chain.map(({ index }) => index));
  return build
    .scripts()
    .filter(({ instruction }) => stages.has(instruction.stageIndex))
    .flatMap(({ script }) => script.commands)
    .filter((command) => runsProgram(command, "useradd", "adduser"))
    .flatMap((command) => operandsOf(command).at(-1) ?? [])
    .flatMap(({ value, isLiteral }) => (isLiteral ? [value] : []));
}

/** Users in USER and `--chown`, except at the cursor. */
function namedUsers({ build }: CompletionInput, here: Instruction | undefined): readonly string[] {
  return build.file.instructions
    .filter(({ index }) => index !== here?.index)
    .flatMap(({ keyword, arguments: [user], flags }) => [
      ...(keyword.value === "USER" && user ? [user.value] : []),
      ...flags.flatMap(({ name, value }) => (name === "chown" && value ? [value.value] : [])),
    ]);
}
