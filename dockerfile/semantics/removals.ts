import type { ShellCommand } from "../shell/shell.ts";
import { operandsOf, runsProgram } from "./runCommands.ts";

/** Whether a command empties a folder: `rm` or `find -delete` of it, of what is in it, or of a folder above. */
export function removesFolder(command: ShellCommand, folder: string): boolean {
  if (runsProgram(command, "find"))
    return (
      operandsOf(command).some(({ value }) => covers(value, folder)) &&
      command.arguments.some(({ value }) => /^-(?:delete|exec)/.test(value))
    );
  // A trap on EXIT runs last wherever it is set.
  if (command.name === "trap") return command.arguments[0]?.value.includes(folder) === true;
  return removedPaths(command).some((path) => covers(path, folder));
}

/** The paths that an `rm` removes, braces written out. */
export function removedPaths(command: ShellCommand): readonly string[] {
  return runsProgram(command, "rm") ? operandsOf(command).flatMap(({ value }) => withBraces(value)) : [];
}

/** A path, which may end in a pattern for all that it holds. `~` and `$HOME` are root's. */
function covers(path: string, folder: string): boolean {
  const plain = path
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, "/root")
    .replaceAll(/\/+/g, "/")
    .replace(/\/(?:\*|\*_\*)?$/, "");
  return (
    plain !== "" &&
    (folder === plain ||
      // `*.tar.gz`: what a program names its downloads.
      (plain.startsWith(`${folder}/`) && /^[^/]*\*/.test(plain.slice(folder.length + 1))) ||
      folder.startsWith(`${plain}/`) ||
      (plain.endsWith("*") && folder.startsWith(plain.slice(0, -1))))
  );
}

/** `/var/{cache,lib}/apt` → both paths. One pair of braces. */
function withBraces(path: string): readonly string[] {
  const [, before = "", choices, after = ""] = /^([^{]*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(path) ?? [];
  return choices === undefined ? [path] : choices.split(",").map((choice) => before + choice + after);
}
