import { isHeredocWord } from "../syntax/heredocs.ts";
import type { EffectiveShell } from "../shell/inEffect.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import type { Fit } from "./match.ts";
import { collapseSpace } from "./collapseSpace.ts";
import { buildArgumentCount } from "./shellPrefix.ts";
import type { RecordedStep } from "./step.ts";

/** A RUN and the shell that runs it. */
export interface RunInput {
  readonly file: Dockerfile;
  readonly instruction: Instruction;
  readonly shell: EffectiveShell;
}

/**
 * Compares the recorded text of a RUN, including build arguments and shell, with an instruction. Nothing is expanded:
 * that is the shell's job.
 */
export function runFit(
  { file, instruction, shell: effective }: RunInput,
  written: string,
): (step: RecordedStep) => Fit {
  if (instruction.form === "json") {
    const whole = collapseSpace(instruction.arguments.map(({ value }) => value).join(" "));
    return ({ text, command }) => (endsAs(text, whole) || command === written ? "same" : "other");
  }
  const { command: shell, isExplicit } = effective;
  const commands = commandsOf(instruction, file);
  const whole = commands.map((command) => `${collapseSpace(shell.join(" "))} ${command}`);
  return ({ text, command }) => {
    if (whole.some((one) => endsAs(text, one)) || commands.includes(text)) return "same";
    // Buildah keeps the flags, and names /bin/sh whatever SHELL says. A shell that the file doesn't set is the base
    // image's.
    return command === written || (!isExplicit && command !== undefined && commands.includes(command))
      ? "same"
      : "other";
  };
}

/** True if the recorded text, after a prefix like `|2 A=1 B=x y`, ends with this text. */
function endsAs(recorded: string, text: string): boolean {
  return (
    recorded === text ||
    (recorded.startsWith("|") && recorded.endsWith(` ${text}`) && buildArgumentCount(recorded) !== undefined)
  );
}

/**
 * The text passed to the shell. BuildKit passes a lone heredoc as the command itself, unless it names its own
 * interpreter.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go dispatchRun
 */
function commandsOf({ rest, heredocs }: Instruction, { text }: Dockerfile): readonly string[] {
  const command = collapseSpace(rest.text);
  const [first] = heredocs;
  if (!first) return [command];
  const bodies = heredocs.map(({ body, name }) => `${text.slice(body.start, body.end)}\n${name}`);
  const whole = collapseSpace([command, ...bodies].join("\n"));
  if (heredocs.length > 1 || !isHeredocWord(command)) return [whole];
  return [whole, collapseSpace(text.slice(first.body.start, first.body.end)), `/dev/pipes/${first.name}`];
}
