import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import { operandsOf } from "../../semantics/runCommands.ts";
import { defineRule, type LintRule, type RuleMeta } from "../rule.ts";

/** How one package manager is told which version to install. */
export interface InstallingProgram {
  /** Matches the program's name. */
  readonly name: RegExp;
  readonly subcommands: readonly string[];
  /** Whether a word says which version it wants, or is no package of an index: a path, an address, an archive. */
  readonly isPinned: (word: string) => boolean;
  /** Options under which the packages are not chosen here. */
  readonly isExempt?: (command: ShellCommand) => boolean;
  /** A package with a version, for the message. */
  readonly sample: (name: string) => string;
}

type Texts = Pick<RuleMeta, "id" | "group" | "aliases" | "sources" | "examples" | "severity"> & {
  readonly title: string;
  readonly program: InstallingProgram;
};

/** A rule that packages are installed in whatever version is the newest on the day of the build. */
export function defineUnpinnedRule({ program, title, ...texts }: Texts): LintRule {
  return defineRule({
    ...texts,
    summary: `\`${title}\` installs whatever version is the newest`,
    why: `Without a version the same Dockerfile gives another image every time the package index changes, and breaks on the day a new version does.${
      texts.severity === "off"
        ? "\n\nDistributions drop old versions from their index, so that a pinned build stops working after a while. That is why the rule is off unless enabled; pinning the base image, with a snapshot of the index, is the more durable way."
        : ""
    }`,
    *check(input) {
      for (const { script } of input.build.scripts()) {
        for (const command of script.commands)
          for (const word of unpinned(command, program)) yield { span: word.span, data: word.value };
      }
    },
    message: (name) => `${name} has no version: write ${program.sample(name)}`,
  });
}

function unpinned(
  command: ShellCommand,
  { name, subcommands, isPinned, isExempt }: InstallingProgram,
): readonly ShellWord[] {
  const [subcommand, ...packages] = operandsOf(command);
  if (
    !command.name ||
    !name.test(command.name) ||
    !subcommand ||
    !subcommands.includes(subcommand.value) ||
    isExempt?.(command)
  )
    return [];
  // A variable may bring the version along.
  return packages.filter(({ value }) => !/[$`]/.test(value) && !isPlace(value) && !isPinned(value));
}

/** A path, an address or a Git repository. */
function isPlace(word: string): boolean {
  return /^(?:[./~]|[a-z][a-z0-9+.-]*:)|\//i.test(word);
}
