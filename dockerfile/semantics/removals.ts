import type { ShellCommand } from "../shell/shell.ts";
import { operandsOf, runsProgram } from "./runCommands.ts";

/** True if a command empties a folder: `rm` or `find -delete` of it, of its content, or of a folder above. */
export function removesFolder(command: ShellCommand, folder: string): boolean {
  if (runsProgram(command, "find"))
    return (
      operandsOf(command).some(({ value }) => covers(value, folder)) &&
      command.arguments.some(({ value }) => /^-(?:delete|exec)/.test(value))
    );
  // A trap on EXIT runs last, wherever it is set.
  if (command.name === "trap") return command.arguments[0]?.value.includes(folder) === true;
  return removedPaths(command).some((path) => covers(path, folder));
}

/** The paths that an `rm` removes, with braces expanded. */
export function removedPaths(command: ShellCommand): readonly string[] {
  return runsProgram(command, "rm") ? operandsOf(command).flatMap(({ value }) => withBraces(value)) : [];
}

/** True if a path, which may end in a pattern for its whole content, includes a folder. `~` and `$HOME` are root's. */
function covers(path: string, folder: string): boolean {
  const plain = path
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, "/root")
    .replaceAll(/\/+/g, "/")
    .replace(/\/(?:\*|\*_\*)?$/, "");
  return (
    plain !== "" &&
    (folder === plain ||
      // `*.tar.gz`: the names of a program's downloads.
      (plain.startsWith(`${folder}/`) && /^[^/]*\*/.test(plain.slice(folder.length + 1))) ||
      folder.startsWith(`${plain}/`) ||
      (plain.endsWith("*") && folder.startsWith(plain.slice(0, -1))))
  );
}

/** Expands `/var/{cache,lib}/apt` to both paths. Supports one pair of braces. */
function withBraces(path: string): readonly string[] {
  const [, before = "", choices, after = ""] = /^([^{]*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(path) ?? [];
  return choices === undefined ? [path] : choices.split(",").map((choice) => before + choice + after);
}
