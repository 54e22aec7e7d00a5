import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import type { RunCommand, RunEffects } from "./runEffects.ts";
import { whatItRuns } from "./whatItRuns.ts";
import { writesNothing } from "./writesNothing.ts";

/** The effects of a RUN; undefined if its text is in no language that is read. */
export function readRun(build: Build, instruction: Instruction): RunEffects | undefined {
  const script = build.scripts().find((found) => found.instruction === instruction)?.script;
  if (!script) return undefined;
  const isPlain = !script.hasErrors && script.commands.every(isRunForCertain);
  return {
    commands: script.commands.map(commandOf),
    bytes: 0,
    linkBytes: 0,
    ...(!isPlain && { gap: whatItRuns(build, instruction) }),
  };
}

function isRunForCertain({ nesting, joinedBy, redirections }: ShellCommand): boolean {
  return nesting.length === 0 && redirections.length === 0 && ["start", "&&", ";", "newline"].includes(joinedBy);
}

function commandOf(command: ShellCommand): RunCommand {
  const unclear = command.arguments.find(({ isLiteral }) => !isLiteral)?.value;
  return {
    program: baseName(command.name ?? "a program"),
    words: command.arguments.map(({ value }) => value),
    ...(unclear !== undefined && { unclear }),
    environment: new Map(command.assignments.flatMap(({ name, value }) => (value ? [[name, value.value]] : []))),
    effect: writesNothing(command) ? "followed" : "other",
  };
}
