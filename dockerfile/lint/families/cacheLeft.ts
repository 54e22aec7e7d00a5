import type { ShellCommand } from "../../shell/shell.ts";
import { appendCommand } from "../../edit/edits.ts";
import type { Build } from "../../semantics/build.ts";
import { type CachePlaces, isCacheKeptOut } from "../../semantics/packages/cacheFolders.ts";
import { packageCallOf } from "../../semantics/packages/calls.ts";
import { type InstructionScript, hasOption, runsProgram, spanUpTo } from "../../semantics/runCommands.ts";
import { baseName } from "../../shell/inEffect.ts";
import { changesUser } from "../fixes/laterRuns.ts";
import { defineRule, type LintRule, type RuleMeta } from "../rule.ts";

/** A package manager that caches its downloads until told to clean up. */
export interface CachingProgram extends CachePlaces {
  readonly names: readonly string[];
  /** The subcommands that download, as `packageCallOf` names them; "" means the program without a subcommand. */
  readonly subcommands: readonly string[];
  /** True for a command of the program that cleans up. */
  readonly cleans: (command: ShellCommand) => boolean;
  /** The text that the fix appends after the program's name. */
  readonly cleanup: string;
}

type Texts = Pick<RuleMeta, "id" | "group" | "aliases" | "sources" | "examples"> & { readonly program: CachingProgram };

/** Defines a rule that reports downloads left in the layer of the RUN that fetched them. */
export function defineCacheLeftRule({ program, ...texts }: Texts): LintRule {
  const [name = ""] = program.names;
  return defineRule({
    ...texts,
    summary: `The cache of \`${name}\` is left in the layer`,
    why: `\`${name}\` keeps packages or metadata that the image doesn't need. Only the \`RUN\` that fetched them can remove them; a later one only hides them, and the bytes stay in the layer below.

Not reported in a stage that the final image isn't built on, or with a cache mount over ${program.folders.map((folder) => `\`${folder}\``).join(" or ")}.`,
    severity: "info",
    *check(input) {
      const shipped = input.build.finalStages();
      for (const it of input.build.scripts()) {
        const command = shipped.has(it.instruction.stageIndex) ? leftBy(input.build, it, program) : undefined;
        if (command)
          yield { span: spanUpTo(command, packageCallOf(command)?.end), data: { ...it, name: command.name ?? name } };
      }
    },
    message: (data) =>
      `Whatever ${data.name} downloaded stays in this layer; end this RUN with ${data.name} ${program.cleanup}`,
    fixSafety: "safe",
    fix({ data }, { build: { file } }) {
      const cleanup = `${data.name} ${program.cleanup}`;
      const changes = appendCommand(file, data.instruction, data.script, cleanup);
      const safety = changesUser(data.script) ? ({ safety: "unsafe" } as const) : {};
      return changes && { title: `Add ${cleanup}`, changes, ...safety };
    },
  });
}

/** The last download that isn't cleaned up afterwards. */
function leftBy(build: Build, it: InstructionScript, program: CachingProgram): ShellCommand | undefined {
  const { commands } = it.script;
  const index = commands.findLastIndex((command) => downloads(command, program));
  const download = commands[index];
  if (!download || isCacheKeptOut(build, it, index, program)) return undefined;
  const isCleaned = commands.some(
    (command, at) =>
      (at > index || command.name === "trap") && haveOneCache(command, download) && program.cleans(command),
  );
  return isCleaned ? undefined : download;
}

function downloads(command: ShellCommand, { names, subcommands }: CachingProgram): boolean {
  return (
    runsProgram(command, ...names) &&
    subcommands.includes(packageCallOf(command)?.action ?? "") &&
    !hasOption(command, "--version", "--help", "-h")
  );
}

/** True if two commands share a cache. microdnf cleans only its own cache, not dnf's; dnf5 goes by both names. */
function haveOneCache(a: ShellCommand, b: ShellCommand): boolean {
  const cacheOf = ({ name = "" }: ShellCommand): string => baseName(name).replace(/5$|pkg$/, "");
  return cacheOf(a) === cacheOf(b);
}
