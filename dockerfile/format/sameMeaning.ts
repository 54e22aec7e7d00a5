import type { ShellParser, ShellScript } from "../shell/shell.ts";
import type { Dockerfile, Flag, Instruction } from "../syntax/syntax.ts";

/** An instruction in its file. */
export interface PlacedInstruction {
  readonly file: Dockerfile;
  readonly instruction: Instruction;
}

/**
 * True if two instructions mean the same, whatever blanks are between their words. Of a shell's text also what is
 * quoted has to be equal, and the commands in it; a text that isn't understood has to be equal as a whole.
 */
export function hasSameMeaning(one: PlacedInstruction, other: PlacedInstruction, shell: ShellParser): boolean {
  return JSON.stringify(meaningOf(one, shell)) === JSON.stringify(meaningOf(other, shell));
}

function meaningOf(placed: PlacedInstruction, shell: ShellParser): unknown {
  const { file, instruction } = placed;
  const { keyword, flags, form, pairs, heredocs, trigger } = instruction;
  return {
    keyword: keyword.value,
    flags: flags.map(flagMeaning),
    form,
    arguments: argumentsOf(placed, shell),
    pairs: pairs.map(({ key, value }) => [key.value, value?.value]),
    heredocs: heredocs.map(({ name, isExpanded, body }) => [name, isExpanded, file.text.slice(body.start, body.end)]),
    trigger: trigger && meaningOf({ file, instruction: trigger }, shell),
  };
}

function flagMeaning({ name, value, options }: Flag): unknown {
  return [name, value?.value, options.map((option) => [option.key, option.value?.value])];
}

const shellInstructions: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT"]);

function argumentsOf({ file, instruction }: PlacedInstruction, shell: ShellParser): unknown {
  // What ONBUILD and HEALTHCHECK take is their trigger's.
  if (instruction.trigger) return [];
  const isFrom = instruction.keyword.value === "FROM";
  // The word after the image is AS, in any letters.
  const words = instruction.arguments.map(({ value }, index) => (isFrom && index === 1 ? value.toUpperCase() : value));
  if (instruction.form === "json" || !shellInstructions.has(instruction.keyword.value)) return words;
  const script = shell.script(instruction, file);
  return !script || script.hasErrors ? words : [spacedOnce(instruction.rest.text), commandsOf(script)];
}

function commandsOf({ commands }: ShellScript): unknown {
  return commands.map(({ name, assignments, arguments: words, redirections, joinedBy, nesting }) => [
    name,
    assignments.map((assignment) => [assignment.name, assignment.value?.value]),
    words.map(({ value }) => value),
    redirections.map(({ operator, target }) => [operator, target?.value]),
    joinedBy,
    nesting,
  ]);
}

/** A shell's text with one space for each run of blanks that is not quoted. */
function spacedOnce(text: string): string {
  return text
    .replace(/\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|[ \t]+/g, (part) => (/^[ \t]/.test(part) ? " " : part))
    .trim();
}
