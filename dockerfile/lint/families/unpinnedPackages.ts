import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import { packageCallOf } from "../../semantics/packages/calls.ts";
import type { InstructionScript } from "../../semantics/runCommands.ts";
import { namesSetIn, readsFile } from "../../semantics/scriptVariables.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule, type LintRule, type RuleMeta } from "../rule.ts";

/** A package manager, with its notation for the version to install. */
export interface InstallingProgram {
  /** Matches the program's name. */
  readonly name: RegExp;
  /** As `packageCallOf` names them. */
  readonly subcommands: readonly string[];
  /** True if a word specifies a version. */
  readonly isPinned: (word: string, action: string) => boolean;
  /** True for a word that doesn't name a package of an index; by default a path or an address. */
  readonly isPlace?: (word: string) => boolean;
  /** True for a package whose newest version is asked for. */
  readonly isNewestMeant?: (word: string, command: ShellCommand) => boolean;
  /** True for options under which the packages aren't chosen here. */
  readonly isExempt?: (command: ShellCommand) => boolean;
  /** A package with a version, as an example in the message. */
  readonly sample: (name: string, action: string) => string;
}

type Texts = Pick<RuleMeta, "id" | "group" | "aliases" | "sources" | "examples" | "severity"> & {
  readonly title: string;
  readonly program: InstallingProgram;
};

/** Defines a rule that reports packages installed in whatever version is the newest on the day of the build. */
export function defineUnpinnedRule({ program, title, ...texts }: Texts): LintRule {
  return defineRule({
    ...texts,
    summary: `\`${title}\` without a version installs the newest`,
    why: `Without a version, the same Dockerfile builds a different image whenever the package index changes, and breaks when a new version does.${
      texts.severity === "off"
        ? "\n\nDistributions drop old versions from their index, so a pinned build stops working after a while. That is why the rule is off by default; pinning the base image and using a snapshot of the index lasts longer."
        : ""
    }`,
    *check({ build }) {
      for (const it of build.scripts()) {
        for (const command of it.script.commands)
          for (const data of unpinned(build, it, command, program)) yield { span: data.word.span, data };
      }
    },
    message: ({ word, action, unset }) =>
      unset === undefined
        ? `${word.value} has no version; write ${program.sample(word.value, action)}`
        : `${word.value} has no version: nothing in this stage sets ${unset}`,
  });
}

interface UnpinnedPackage {
  readonly word: ShellWord;
  readonly action: string;
  /** The variable meant to contain the version, if this stage doesn't have it. */
  readonly unset?: string;
}

function unpinned(
  build: Build,
  it: InstructionScript,
  command: ShellCommand,
  { name, subcommands, isPinned, isPlace = isPathOrAddress, isNewestMeant, isExempt }: InstallingProgram,
): readonly UnpinnedPackage[] {
  if (!command.name || !name.test(command.name)) return [];
  const call = packageCallOf(command);
  if (!call || !subcommands.includes(call.action) || isExempt?.(command)) return [];
  const { action, operands } = call;
  return operands.flatMap((word): readonly UnpinnedPackage[] => {
    const unset = /[$`]/.test(word.value) ? unsetVariable(build, it, word.value) : undefined;
    // A variable may contain the version.
    if (/[$`]/.test(word.value) && unset === undefined) return [];
    const text = unset === undefined ? word.value : word.value.replaceAll(variable, "");
    const isOpen = text !== "" && !isPlace(text) && !isPinned(text, action) && !isNewestMeant?.(text, command);
    return isOpen ? [{ word, action, ...(unset !== undefined && { unset }) }] : [];
  });
}

/** True for a path, an address or a Git repository. */
function isPathOrAddress(word: string): boolean {
  return /^(?:[./~]|[a-z][a-z0-9+.-]*:)|\//i.test(word);
}

const variable = /\$(?:(\w+)|\{(\w+)\})/g;

/** The only variable of a word, if another stage sets it and this one doesn't. */
function unsetVariable(build: Build, { instruction, run }: InstructionScript, word: string): string | undefined {
  const [found, ...more] = word.matchAll(variable);
  const name = found?.[1] ?? found?.[2];
  if (name === undefined || more.length > 0 || word.replace(variable, "").match(/[$`]/)) return undefined;
  const isOfOtherStage = build.file.stages.some(({ instructions }) =>
    instructions.some(({ pairs }) => pairs.some(({ key }) => key.value === name)),
  );
  if (!isOfOtherStage || build.scopesWithBases().variable(instruction, name)) return undefined;
  const script = build.file.text.slice(run.span.start, run.span.end);
  return readsFile(script) || namesSetIn(script).has(name) ? undefined : name;
}
