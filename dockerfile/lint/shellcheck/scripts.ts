import type { ShellCommand } from "../../shell/shell.ts";
import { baseName, type EffectiveShell } from "../../shell/inEffect.ts";
import { heredocSource, shellSource, type ShellSource } from "../../shell/source.ts";
import { isShellReadingInput } from "../../shell/tree.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import type { Heredoc, Instruction } from "../../syntax/syntax.ts";
import type { LintInput } from "../rule.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/** A text for ShellCheck, with the mapping from its positions to the file's. */
export interface CheckedScript {
  /** Includes a shebang, and exports of the variables that the build sets. */
  readonly text: string;
  /** The index in the instruction's own text; undefined in the text added around it. `text.length` gives the end. */
  indexAt(textIndex: number): number | undefined;
  /** The instruction's own text. */
  readonly body: string;
  /** The position in the file of a character of the body. */
  offsetAt(index: number): number;
}

/**
 * The scripts that ShellCheck can read: the shell text of RUN and ONBUILD RUN, and heredocs that a shell in it reads.
 * In the file's order; an inner script follows the one that contains it.
 */
export function* checkedScripts(input: LintInput): Iterable<CheckedScript> {
  const { file } = input.build;
  for (const instruction of file.instructions) {
    const run = instruction.trigger ?? instruction;
    if (run.keyword.value !== "RUN") continue;
    const shell = input.build.shellInEffect(instruction);
    const source = shellSource(run, shell, file.text);
    if (!source) continue;
    const own =
      source.form === "heredoc"
        ? scriptOfHeredoc(input, instruction, shell, source)
        : framed(input, instruction, source, interpreterOf(shell.command));
    if (own) yield own;
    if (source.inputs.size > 0) yield* inputScripts(input, instruction, source);
  }
}

/** The interpreter of a script, in ShellCheck's terms. */
interface Interpreter {
  readonly dialect: string;
  /** Options as `set` takes them: `-e`, `-o`, `pipefail`. */
  readonly options: readonly string[];
}

/** The shells that ShellCheck reads, and those that it knows by another's name. zsh and yash aren't among them. */
const dialects: Readonly<Record<string, string>> = {
  sh: "sh",
  bash: "bash",
  dash: "dash",
  ash: "dash",
  busybox: "dash",
  ksh: "ksh",
  ksh93: "ksh",
  mksh: "ksh",
  lksh: "ksh",
  oksh: "ksh",
};

// ShellCheck takes seconds for this much; longer texts aren't written by hand.
const maxScriptCharacters = 128 * 1024;

/** The interpreter in `["/bin/bash", "-eo", "pipefail", "-c"]`. */
function interpreterOf([program, ...words]: readonly string[]): Interpreter | undefined {
  const name = baseName(program ?? "");
  const dialect = ownEntry(dialects, name);
  if (dialect === undefined) return undefined;
  const options = words
    .map((word) => (/^-[a-z]*c$/.test(word) ? word.slice(0, -1) : word))
    .filter((word) => word !== "-" && word !== "");
  return { dialect, options: options.every((word) => /^[-+]?[a-zA-Z]+$/.test(word)) ? options : [] };
}

/** The script that the lines of a heredoc form; its own shebang names the interpreter. */
function scriptOfHeredoc(
  input: LintInput,
  instruction: Instruction,
  shell: EffectiveShell,
  source: ShellSource,
): CheckedScript | undefined {
  const shebang = /^#!.*\n?/.exec(source.text)?.[0];
  if (shebang === undefined) return framed(input, instruction, source, interpreterOf(shell.command));
  const words = shebang.slice(2).trim().split(/\s+/);
  const program = words[0]?.endsWith("/env")
    ? words.slice(1).filter((word) => !word.startsWith("-S") && !word.includes("="))
    : words;
  // Its line is left empty, because the real shebang comes first.
  const text = source.text.replace(/^#!.*/, (line) => " ".repeat(line.length));
  return framed(input, instruction, { ...source, text }, interpreterOf(program));
}

/**
 * The heredocs of `RUN bash -e <<"EOF"`. Without the quotes the outer shell expands the lines first, and the inner one
 * gets a different text.
 */
function* inputScripts(input: LintInput, instruction: Instruction, source: ShellSource): Iterable<CheckedScript> {
  const { file, shell } = input.build;
  const commands = shell.script(instruction, file)?.commands ?? [];
  for (const command of commands) {
    const heredoc = isShellReadingInput(command) ? heredocRead(command, source.inputs) : undefined;
    if (!heredoc || heredoc.isExpanded) continue;
    const interpreter = interpreterOf([command.name ?? "", ...command.arguments.map(({ value }) => value)]);
    const script = framed(input, instruction, heredocSource(heredoc, file.text), interpreter);
    if (script) yield script;
  }
}

function heredocRead({ redirections }: ShellCommand, heredocs: ReadonlyMap<number, Heredoc>): Heredoc | undefined {
  return redirections.map(({ span }) => heredocs.get(span.start)).find((heredoc) => heredoc !== undefined);
}

function framed(
  input: LintInput,
  instruction: Instruction,
  { text: body, offsetAt }: Pick<ShellSource, "text" | "offsetAt">,
  interpreter: Interpreter | undefined,
): CheckedScript | undefined {
  if (!interpreter || body.length > maxScriptCharacters || body.trim() === "") return undefined;
  const shebang = `#!/bin/${interpreter.dialect}\n`;
  // ShellCheck's own directives apply to the whole script only if nothing but comments precedes them.
  const head = /^(?:[ \t]*(?:#.*)?\n)*/.exec(body)?.[0] ?? "";
  const frame =
    exportsFor(input, instruction, body) +
    (interpreter.options.length > 0 ? `set ${interpreter.options.join(" ")}\n` : "");
  const tailStart = shebang.length + head.length;
  return {
    text: `${shebang}${head}${frame}${body.slice(head.length)}`,
    indexAt(textIndex) {
      if (textIndex < shebang.length) return undefined;
      if (textIndex < tailStart) return textIndex - shebang.length;
      return textIndex < tailStart + frame.length ? undefined : textIndex - shebang.length - frame.length;
    },
    body,
    offsetAt,
  };
}

/**
 * Exports of the variables set by the build that the script may use: a text that stays the same as long as they do. The
 * values need no quotes, as in hadolint.
 */
function exportsFor({ build }: LintInput, instruction: Instruction, body: string): string {
  const scopes = build.scopes;
  // With all proxies exported, ShellCheck notices a misspelled one.
  const proxies = /_proxy\b/i.test(body) ? [...predefinedArgs.keys()].filter((name) => /_proxy$/i.test(name)) : [];
  const names = [...new Set([...(body.match(/\b[A-Za-z_]\w*/g) ?? []), ...proxies])].filter(
    (name) =>
      name !== "PATH" &&
      (predefinedArgs.get(name)?.kind === "proxy" || scopes.variable(instruction, name) !== undefined),
  );
  return names.length === 0
    ? ""
    : `export ${names
        .sort()
        .map((name) => `${name}=1`)
        .join(" ")}\n`;
}
