import type { Build } from "../../semantics/build.ts";
import { type InstructionScript, runsProgram } from "../../semantics/runCommands.ts";
import { isPosixShell } from "../../shell/inEffect.ts";
import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";

/** True if a later RUN starts a script whose content is unknown: it may need what an earlier RUN left. */
export function mayBeUsedLater(build: Build, { instruction }: Pick<InstructionScript, "instruction">): boolean {
  const unknown = build.memo("RUNs of unknown scripts", () =>
    runsWith(build, ({ commands }) => commands.some(isUnknownScript)),
  );
  return isAnyLater(build, unknown, instruction);
}

/** The RUNs with scripts of a kind, the last first. Keep the result: callers ask for each RUN of a file. */
export function runsWith(build: Build, isMeant: (script: ShellScript) => boolean): readonly Instruction[] {
  const runs = build.scripts().filter(({ script }) => isMeant(script));
  return runs.map(({ instruction }) => instruction).reverse();
}

/** True if one of the RUNs, given last first, comes after an instruction in an image that is built on it. */
export function isAnyLater(build: Build, runs: readonly Instruction[], instruction: Instruction): boolean {
  for (const run of runs) {
    if (run.index <= instruction.index) return false;
    if (build.isBuiltOn(run, instruction)) return true;
  }
  return false;
}

/** True if a script switches users, which means that a command added to it may lack permissions. */
export function changesUser({ commands }: ShellScript): boolean {
  return commands.some((command) => runsProgram(command, "sudo", "doas", "su", "su-exec", "gosu", "runuser"));
}

/**
 * True for `./setup.sh`, `/tmp/setup`, `bash setup.sh`, `. setup.sh`, `make deps`, `$SETUP`; programs in the system's
 * folders are known by their names.
 */
function isUnknownScript({ name, arguments: words }: ShellCommand): boolean {
  if (name === undefined) return true;
  if (name.includes("/")) return !/^(?:\/usr)?(?:\/local)?\/s?bin\/[\w.+-]+$/.test(name) || name.endsWith(".sh");
  const isRunner = isPosixShell(name) || name === "." || name === "source" || name === "make";
  return name.endsWith(".sh") || (isRunner && words.some(({ value }) => !value.startsWith("-")) && !takesText(words));
}

/** True for `sh -c "…"`, whose commands are read. */
function takesText(words: ShellCommand["arguments"]): boolean {
  return words.some(({ value }) => /^-[a-z]*c$/.test(value));
}
