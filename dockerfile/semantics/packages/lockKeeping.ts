import type { ShellCommand } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { BuildText } from "../build.ts";
import type { Install } from "./installs.ts";
import { hasOption, operandsOf } from "../runCommands.ts";

/** True if an install keeps to the lock file, or deliberately doesn't. */
export function keepsToLock(build: BuildText, { command, installer: { keeping }, instruction }: Install): boolean {
  if (!keeping) return true;
  if (keeping.subcommands?.includes(operandsOf(command)[0]?.value ?? "") || hasOption(command, ...keeping.options))
    return true;
  return (
    keeping.variables.some(
      (name) => command.assignments.some((assignment) => assignment.name === name) || isSet(build, instruction, name),
    ) || isConfigured(build, command)
  );
}

function isSet({ scopes }: BuildText, instruction: Instruction, name: string): boolean {
  const variable = scopes.variable(instruction, name);
  return variable?.definition !== undefined && !["", "0", "false"].includes(variable.value ?? "");
}

/**
 * True for `bundle config set frozen true`, `npm config`, `yarn config set …` somewhere in the file, which overrides
 * this line.
 */
function isConfigured(build: BuildText, { name }: ShellCommand): boolean {
  return build
    .scripts()
    .some(({ script }) =>
      script.commands.some(
        (command) =>
          command.name === name &&
          operandsOf(command)[0]?.value === "config" &&
          command.arguments.some(({ value }) => /frozen|deployment|immutable|lock/i.test(value)),
      ),
    );
}
