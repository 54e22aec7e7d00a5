import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { shortText } from "../../semantics/files/whatItRuns.ts";
import type { Build } from "../../semantics/build.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { parsePip, type PipCommand, type PipVariables } from "../python/command.ts";

/** True for the names of pip: `pip`, `pip3.12`. `python -m pip` counts as `pip`. */
export function isPip(program: string): boolean {
  return /^pip(?:3(?:\.\d+)?)?$/.test(program);
}

const minors = Array.from({ length: 12 }, (_, index) => index + 6);

/** pip, Python itself, and its module that creates virtual environments. */
export const pipPrograms: ReadonlySet<string> = new Set([
  ...["pip", "pip3", "python", "python3", "venv"],
  ...minors.flatMap((minor) => [`pip3.${minor}`, `python3.${minor}`]),
]);

/** A command of a RUN, as pip reads it. */
export interface OwnPip {
  readonly command: RunCommand;
  readonly pip: PipCommand | VirtualEnvironment;
}

/** `python -m venv FOLDER`. */
export interface VirtualEnvironment {
  readonly does: "venv";
  /** Absolute, or undefined if it isn't known. */
  readonly folder: string | undefined;
}

/** The commands of pip and Python among the commands of a RUN. */
export function pipCommandsIn(build: Build, instruction: Instruction): readonly OwnPip[] {
  return build.memo(`commands of pip in ${instruction.index}`, () => {
    if (instruction.keyword.value !== "RUN") return [];
    const commands = build.files().run(instruction)?.commands ?? [];
    return commands
      .filter(({ effect, program }) => effect === "other" && pipPrograms.has(program))
      .map((command) => ({ command, pip: pipOf(build, instruction, command) }));
  });
}

function pipOf(build: Build, instruction: Instruction, command: RunCommand): OwnPip["pip"] {
  const { program, words, unclear, environment } = command;
  if (isPip(program)) {
    if (unclear !== undefined)
      return { does: "unknown", why: `runs pip with ${unclear}, which is known only during the build` };
    return parsePip(words, variablesOf(build, instruction, environment));
  }
  if (program === "venv") {
    const folder = words.find((word) => !word.startsWith("-"));
    return { does: "venv", folder: folder?.startsWith("/") ? folder.replace(/\/+$/, "") : undefined };
  }
  const onlyPrints = words.length === 0 || /^(?:-V|--version)$/.test(words[0] ?? "");
  return onlyPrints ? { does: "nothing" } : { does: "unknown", why: `runs \`${shortText(command)}\`` };
}

/** Looks up the variables that a command sees: its own, then those of the stage. */
export function variablesOf(
  build: Build,
  instruction: Instruction,
  environment?: ReadonlyMap<string, string>,
): PipVariables {
  const lookup = build.scopesWithBases().lookup(instruction);
  return (name) => environment?.get(name) ?? lookup(name)?.value;
}
