import type { ShellCommand, ShellScript } from "../shell/shell.ts";

/** The words of a script that doesn't need a shell: one command of literal words. */
export function plainWords({ commands }: ShellScript): readonly string[] | undefined {
  const [command] = commands;
  const outer = commands.filter(({ nesting }) => !nesting.includes("wrapper") && !nesting.includes("script"));
  if (!command?.name || outer.length !== 1 || !isPlain(command) || builtins.has(command.name)) return undefined;
  return [command.name, ...command.arguments.map(({ value }) => value)];
}

function isPlain(command: ShellCommand): boolean {
  const hasOnlyLiterals = command.arguments.every(({ isLiteral }) => isLiteral);
  return (
    hasOnlyLiterals &&
    command.nesting.length === 0 &&
    command.assignments.length === 0 &&
    command.redirections.length === 0
  );
}

/** Built-in commands of the shell, which a program can't replace. @see POSIX XCU 2.14 and 1.7 */
const builtins: ReadonlySet<string> = new Set([
  ".",
  ":",
  "alias",
  "break",
  "cd",
  "command",
  "continue",
  "eval",
  "exec",
  "exit",
  "export",
  "fg",
  "hash",
  "jobs",
  "read",
  "readonly",
  "return",
  "set",
  "shift",
  "source",
  "times",
  "trap",
  "type",
  "ulimit",
  "umask",
  "unset",
  "wait",
]);
