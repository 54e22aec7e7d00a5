import { baseName } from "../shell/inEffect.ts";
import type { ShellCommand } from "../shell/shell.ts";
import { packageCallOf } from "../semantics/packages/calls.ts";
import { apk } from "./apk.ts";
import { apt } from "./apt.ts";
import { npm } from "./npm.ts";
import { pip, pipx, uv } from "./pip.ts";
import type { UnpinnedPackage, VersionedProgram } from "./program.ts";

const programs: readonly VersionedProgram[] = [apk, apt, npm, pip, pipx, uv];

/** The package manager of this name, or of a path to it. */
export function versionedProgram(name: string | undefined): VersionedProgram | undefined {
  const base = baseName(name ?? "");
  return programs.find((program) => program.name.test(base));
}

/** The packages that a command installs without a version, each written in plain letters. */
export function unpinnedPackages(command: ShellCommand, program: VersionedProgram): readonly UnpinnedPackage[] {
  const call = packageCallOf(command);
  if (!call || !program.actions.includes(call.action) || program.isExempt?.(command)) return [];
  return call.operands.flatMap((word) => {
    // A marker of pip follows a semicolon.
    const written = word.value.replace(/\s*;.*$/s, "");
    const name = word.isLiteral ? program.package.exec(written)?.[1] : undefined;
    return name === undefined ? [] : [{ word, written, name }];
  });
}
