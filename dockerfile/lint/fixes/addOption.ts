import { operandsOf } from "../../semantics/runCommands.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import type { Change } from "../../edit/change.ts";

/** Inserts an option after a command's subcommand: `pip install` becomes `pip install --no-cache-dir`. */
export function addOption(command: ShellCommand, option: string): Change {
  const end = operandsOf(command)[0]?.span.end ?? command.nameSpan.end;
  return { span: { start: end, end }, text: ` ${option}` };
}
