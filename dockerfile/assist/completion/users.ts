import { operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import { baseAccounts, type Account } from "./baseAccounts.ts";
import type { Completion, CompletionInput, Offer } from "./completion.ts";
import { isBasePending } from "./variables.ts";

/** A name with a few words about it. */
type Named = readonly [name: string, detail: string];

/**
 * Users that a stage is likely to have, and groups after a colon: those that its RUNs create, those that the file
 * names, and the base image's.
 */
export function userOffer(input: CompletionInput, instruction: Instruction | undefined, typed: string): Offer {
  const chain = input.build.stageChain(input.build.file.stages[instruction?.stageIndex ?? -1]);
  const accounts = baseAccounts(input.build, chain.at(-1));
  const user = /^([^:]*):/.exec(typed)?.[1];
  const names = [
    ...(user === undefined ? createdBy(input, chain, "useradd", "adduser") : []),
    ...namedUsers(input, instruction),
    ...(user === undefined
      ? baseUsers(input, chain, accounts.users)
      : [...createdBy(input, chain, "groupadd", "addgroup"), ...accounts.groups.map(named)].map(
          ([group, detail]): Named => [`${user}:${group}`, detail],
        )),
  ];
  const found = new Map<string, string>();
  for (const [name, detail] of names) if (/^[\w.:-]+$/.test(name) && !found.has(name)) found.set(name, detail);
  // If a group is already written, an offer must not remove the user.
  const fitting = [...found].filter(([name]) => user === undefined || name.startsWith(typed));
  const items = fitting.map(([label, detail]): Completion => ({
    label,
    kind: "user",
    ...(detail !== "" && { detail }),
  }));
  return { items, isIncomplete: isBasePending(input, instruction) || accounts.isPending };
}

/** The user that the base image runs as, then the others that it has. */
function baseUsers({ build }: CompletionInput, chain: readonly Stage[], users: readonly Account[]): readonly Named[] {
  const own = build.baseImageFact(chain.at(-1))?.user ?? "";
  return [[own, "user of the base image"], ["root", "0"], ["nobody", ""], ...users.map(named)];
}

function named({ name, id }: Account): Named {
  return [name, `${id}, in the base image`];
}

function createdBy({ build }: CompletionInput, chain: readonly Stage[], ...programs: string[]): readonly Named[] {
  const stages = new Set(chain.map(({ index }) => index));
  return build
    .scripts()
    .filter(({ instruction }) => stages.has(instruction.stageIndex))
    .flatMap(({ script }) => script.commands)
    .filter((command) => runsProgram(command, ...programs))
    .flatMap((command) => operandsOf(command).at(-1) ?? [])
    .flatMap(({ value, isLiteral }): readonly Named[] => (isLiteral ? [[value, "created in this file"]] : []));
}

/** Users in USER and `--chown`, except at the cursor. */
function namedUsers({ build }: CompletionInput, here: Instruction | undefined): readonly Named[] {
  return build.file.instructions
    .filter(({ index }) => index !== here?.index)
    .flatMap(({ keyword, arguments: [user], flags }) => [
      ...(keyword.value === "USER" && user ? [user.value] : []),
      ...flags.flatMap(({ name, value }) => (name === "chown" && value ? [value.value] : [])),
    ])
    .map((name): Named => [name, "used in this file"]);
}
