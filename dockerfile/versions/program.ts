import type { Build } from "../semantics/build.ts";
import type { ShellCommand, ShellWord } from "../shell/shell.ts";
import type { Instruction } from "../syntax/syntax.ts";

/** The versions of a package that a program could install. */
export interface FoundVersions {
  /** Newest first; empty for a package that the index lacks. */
  readonly versions: readonly string[];
  /** The version that would be installed now; absent if it depends on more than is known. */
  readonly candidate?: string;
  /** Names that the index gives to versions, by the version. */
  readonly labels?: ReadonlyMap<string, string>;
}

/** A command that installs packages, perhaps half typed. */
export interface InstallCommand {
  readonly build: Build;
  readonly instruction: Instruction;
  /** The words after the program's name. */
  readonly words: readonly string[];
  /** False while it is being typed. */
  readonly isWhole: boolean;
}

/** A package manager whose index can be asked for versions. */
export interface VersionedProgram {
  /** Matches its name, without a folder. */
  readonly name: RegExp;
  /** The words before the packages: `install`, `pip install`. */
  readonly actions: readonly string[];
  /** The text between a package and its version. */
  readonly separator: string;
  /** Matches a package before the separator; the index knows it by the first group. */
  readonly package: RegExp;
  /** Matches all that may be before a version, if more than a package and the separator; the first group as above. */
  readonly place?: RegExp;
  /** True for options by which the packages don't have the newest version of the index. */
  readonly isExempt?: (command: ShellCommand) => boolean;
  /** "pending" while the index is being asked, undefined if it isn't available. */
  find(command: InstallCommand, name: string): FoundVersions | "pending" | undefined;
}

/** A package that a command installs without a version. */
export interface UnpinnedPackage {
  readonly word: ShellWord;
  /** The part of the word that is the package: `flask[async]`. */
  readonly written: string;
  /** As the index knows it. */
  readonly name: string;
}
