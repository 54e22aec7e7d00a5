import type { ShellCommand, ShellParser, ShellScript, ShellWord } from "../shell/shell.ts";
import { baseName } from "../shell/inEffect.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";
import { valuedOptionsOf } from "./valuedOptions.ts";

export interface InstructionScript {
  readonly instruction: Instruction;
  /** The RUN itself or the one inside ONBUILD. */
  readonly run: Instruction;
  readonly script: ShellScript;
}

/** The scripts that a build runs: RUN and ONBUILD RUN, in the file's order. */
export function runScriptsIn(file: Dockerfile, shell: ShellParser): readonly InstructionScript[] {
  return file.instructions.flatMap((instruction) => {
    const run = instruction.trigger ?? instruction;
    if (run.keyword.value !== "RUN") return [];
    const script = shell.script(instruction, file) ?? shell.execCommand(instruction, file);
    return script ? [{ instruction, run, script }] : [];
  });
}

/** True if a command runs one of these programs, by name or path. */
export function runsProgram({ name }: ShellCommand, ...programs: readonly string[]): boolean {
  return name !== undefined && programs.includes(baseName(name));
}

/** The words that are neither options nor their values. Everything after `--` is one. */
export function operandsOf({ name, arguments: words }: ShellCommand): readonly ShellWord[] {
  const valued = valuedOptionsOf(name ?? "");
  const operands: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (word.value === "--") return [...operands, ...words.slice(index + 1)];
    if (valued.includes(word.value)) index++;
    else if (!word.value.startsWith("-") || word.value === "-") operands.push(word);
  }
  return operands;
}

/** The subcommand, such as `install` in `apt-get -y install a`. */
export function subcommandOf(command: ShellCommand): string | undefined {
  return operandsOf(command)[0]?.value;
}

/** True if a command has an option: `-y`, also among combined short ones (`-qy`), or `--assume-yes`. */
export function hasOption({ arguments: words }: ShellCommand, ...options: readonly string[]): boolean {
  const end = words.findIndex(({ value }) => value === "--");
  return words
    .slice(0, end < 0 ? undefined : end)
    .some(({ value }) => options.some((option) => isOption(value, option)));
}

/** The span from the program's name to one of its words. */
export function spanUpTo({ nameSpan }: ShellCommand, word: ShellWord | undefined): Span {
  return { start: nameSpan.start, end: word?.span.end ?? nameSpan.end };
}

function isOption(word: string, option: string): boolean {
  if (option.startsWith("--") || option.length > 2) return word === option || word.startsWith(`${option}=`);
  return /^-[^-]/.test(word) && word.includes(option.slice(1));
}
