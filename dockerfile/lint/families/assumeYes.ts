import type { ShellCommand } from "../../shell/shell.ts";
import { packageCallOf } from "../../semantics/packages/calls.ts";
import { hasOption, runsProgram, spanUpTo } from "../../semantics/runCommands.ts";
import { defineRule, type LintRule, type RuleMeta } from "../rule.ts";

/** A package manager that prompts before it changes anything. */
export interface PromptingProgram {
  readonly names: readonly string[];
  /** As `packageCallOf` names them. */
  readonly subcommands: readonly string[];
  /** Options that answer the prompt or prevent it. */
  readonly answers: readonly string[];
  /** The text that the fix inserts after the subcommand. */
  readonly answer: string;
  /** True for a command that doesn't prompt for other reasons. */
  readonly isQuiet?: (command: ShellCommand) => boolean;
}

type Texts = Pick<RuleMeta, "id" | "group" | "aliases" | "sources" | "examples"> & {
  readonly program: PromptingProgram;
};

/**
 * Defines a rule that reports a package manager run without its yes option: no one can answer a prompt during a build.
 */
export function defineAssumeYesRule({ program, ...texts }: Texts): LintRule {
  const [name = ""] = program.names;
  return defineRule({
    ...texts,
    summary: `\`${name}\` prompts for confirmation during a build`,
    why: `No one can answer during a build, so \`${name}\` stops, or assumes "no", at its first question. \`${program.answer}\` answers yes in advance.`,
    severity: "warning",
    *check(input) {
      for (const { script } of input.build.scripts()) {
        for (const [index, command] of script.commands.entries()) {
          const isAnswered = command.joinedBy === "|" && script.commands[index - 1]?.name === "yes";
          if (asks(command, program) && !isAnswered)
            yield { span: spanUpTo(command, packageCallOf(command)?.end), data: command };
        }
      }
    },
    message: (command) =>
      `${command.name ?? name} prompts for confirmation and no one can answer during a build; add ${program.answer}`,
    fixSafety: "safe",
    fix({ data: command }) {
      const end = packageCallOf(command)?.end.span.end ?? command.nameSpan.end;
      return { title: `Add ${program.answer}`, changes: [{ span: { start: end, end }, text: ` ${program.answer}` }] };
    },
  });
}

function asks(command: ShellCommand, { names, subcommands, answers, isQuiet }: PromptingProgram): boolean {
  if (!runsProgram(command, ...names) || !subcommands.includes(packageCallOf(command)?.action ?? "")) return false;
  // A variable among the arguments may contain the option.
  const isKnown = command.arguments.every(({ value, isLiteral }) => isLiteral || !/^["']?\$/.test(value));
  return isKnown && !hasOption(command, ...answers, "--help", "--version") && !isQuiet?.(command);
}
