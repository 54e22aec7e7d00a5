import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import type { Change } from "../../edit/change.ts";

/**
 * Removes a command, and the operator that joins it to its neighbours, from a script; removes the whole instruction if
 * the command is the only one. Undefined if other commands depend on it.
 */
export function removeCommand(
  file: Dockerfile,
  instruction: Instruction,
  script: ShellScript,
  command: ShellCommand,
): Change | undefined {
  const { commands } = script;
  if (script.hasErrors || script.form === "heredoc" || !isPlain(command)) return undefined;
  if (commands.length === 1) return withoutLines(file, instruction.span);
  if (script.form === "exec") return undefined;
  const index = commands.indexOf(command);
  const before = commands[index - 1];
  const after = commands[index + 1];
  if (after && !isSequence(after)) return undefined;
  if (before) return isSequence(command) ? behind(file, before, command) : undefined;
  return isPlain(after) ? { span: { start: command.span.start, end: after.span.start }, text: "" } : undefined;
}

/** True at the top level of the script, without redirections. */
function isPlain(command: ShellCommand | undefined): command is ShellCommand {
  return command !== undefined && command.nesting.length === 0 && command.redirections.length === 0;
}

function isSequence({ joinedBy }: ShellCommand): boolean {
  return joinedBy === "&&" || joinedBy === ";";
}

/** The end of the previous command, if only the operator and line breaks are in between. */
function behind({ text }: Dockerfile, before: ShellCommand, command: ShellCommand): Change | undefined {
  const isJoined =
    isPlain(before) && /^[\s\\`]*(?:&&|;)[\s\\`]*$/.test(text.slice(before.span.end, command.span.start));
  return isJoined ? { span: { start: before.span.end, end: command.span.end }, text: "" } : undefined;
}
