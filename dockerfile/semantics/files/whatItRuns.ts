import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import type { RunCommand } from "./runEffects.ts";

/** Describes a RUN in the middle of a sentence: runs `npm run build`. */
export function whatItRuns(build: Build, instruction: Instruction): string {
  const script = scriptOf(build, instruction);
  const command = script && (script.commands.find(isTelling) ?? script.commands[0]);
  if (command)
    return `runs \`${shortText({ program: command.name ?? "a program", words: command.arguments.map(({ value }) => value) })}\``;
  const [first] = instruction.arguments;
  return first ? `runs \`${cut(first.value)}\`` : "runs a program";
}

/** The script of a RUN; undefined if its text isn't in a supported language. */
function scriptOf(build: Build, instruction: Instruction): ShellScript | undefined {
  const scripts = build.memo(
    "scripts by instruction",
    () => new Map(build.scripts().map(({ instruction: run, script }) => [run, script])),
  );
  return scripts.get(instruction);
}

/** Commands that only prepare others. */
const preparing: ReadonlySet<string> = new Set([
  "set",
  "cd",
  "export",
  "echo",
  "mkdir",
  "true",
  "test",
  "[",
  ":",
  "umask",
]);

function isTelling({ name }: ShellCommand): boolean {
  return name !== undefined && !preparing.has(name);
}

/** The program with the words that identify its action: `apt-get install`, `npm run build`. */
export function shortText({ program, words }: Pick<RunCommand, "program" | "words">): string {
  const plain: string[] = [];
  for (const value of words) {
    if (plain.length === maxWords || !/^[\w./:@-]+$/.test(value)) break;
    if (!value.startsWith("-")) plain.push(value);
  }
  return cut([program, ...plain].join(" "));
}

const maxWords = 2;
const maxCharacters = 40;

function cut(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}
