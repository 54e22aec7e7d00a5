import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import { baseName } from "../../shell/inEffect.ts";
import { hasOption } from "../runCommands.ts";
import { packageCallOf } from "./calls.ts";

/**
 * The packages that a command of apt installs without a version: from the default release, each written in plain
 * letters.
 */
export function unpinnedAptPackages(command: ShellCommand): readonly ShellWord[] {
  const call = /^(?:apt|apt-get|aptitude)$/.test(baseName(command.name ?? "")) ? packageCallOf(command) : undefined;
  if (call?.action !== "install" || hasOption(command, "-t", "--target-release", "--default-release")) return [];
  return call.operands.filter(({ value, isLiteral }) => isLiteral && aptName.test(value));
}

/** @see Debian policy 5.6.1 */
const aptName = /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9]+)?$/;
