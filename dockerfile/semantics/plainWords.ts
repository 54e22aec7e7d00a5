import type { ShellCommand, ShellScript } from "../shell/shell.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";

/**
 * The words of an instruction's script that doesn't need a shell: one command of literal words, which does the same as
 * a program.
 */
export function plainWords(
  { text }: Dockerfile,
  { restSpan }: Instruction,
  { commands, end }: ShellScript,
): readonly string[] | undefined {
  const [command] = commands;
  const outer = commands.filter(({ nesting }) => !nesting.includes("wrapper") && !nesting.includes("script"));
  if (!command?.name || outer.length !== 1 || !isPlain(command) || isBuiltIn(command)) return undefined;
  const before = text.slice(restSpan.start, command.span.start);
  const after = text.slice(command.span.end, end);
  // Neither `! app` nor `app &`.
  if (!/^[\s\\`]*$/.test(before) || !/^[\s\\`;]*(?:#.*)?$/.test(after)) return undefined;
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

/** True for a command of the shell itself that no program replaces: `echo` reads escapes and options as it likes. */
function isBuiltIn({ name = "", arguments: [first, ...more] }: ShellCommand): boolean {
  if (name !== "echo") return builtins.has(name);
  return first !== undefined && (first.value.startsWith("-") || [first, ...more].some(({ value }) => /\\/.test(value)));
}

/**
 * Built-in commands of shells that a program can't replace, or replaces by something else: dash has its own `printf`
 * and `test`. @see POSIX XCU 2.14 and 1.7
 */
const builtins: ReadonlySet<string> = new Set([
  ".",
  "[",
  "[[",
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
  "kill",
  "local",
  "printf",
  "read",
  "readonly",
  "return",
  "set",
  "shift",
  "source",
  "test",
  "time",
  "times",
  "trap",
  "type",
  "ulimit",
  "umask",
  "unset",
  "wait",
]);
