import type { ShellCommand } from "../../shell/shell.ts";
import { appendCommand } from "../../edit/edits.ts";
import { removesFolder } from "../../semantics/removals.ts";
import { type InstructionScript, hasOption, operandsOf, runsProgram, spanUpTo } from "../../semantics/runCommands.ts";
import { type Mount, mountsOf } from "../../syntax/mounts.ts";
import { defineRule, type LintRule, type RuleMeta } from "../rule.ts";

/** A package manager that caches its downloads until it is told to clean up. */
export interface CachingProgram {
  readonly names: readonly string[];
  /** The subcommands that download; "" is the program without any. */
  readonly subcommands: readonly string[];
  /** Where the downloads are: any of these removed or under a mount will do. */
  readonly folders: readonly string[];
  /** Whether a command of the program cleans up. */
  readonly cleans: (command: ShellCommand) => boolean;
  /** What the fix appends, behind the program's name. */
  readonly cleanup: string;
}

type Texts = Pick<RuleMeta, "id" | "group" | "aliases" | "sources" | "examples"> & { readonly program: CachingProgram };

/** A rule that downloads stay in the layer of the RUN that fetched them. */
export function defineCacheLeftRule({ program, ...texts }: Texts): LintRule {
  const [name = ""] = program.names;
  return defineRule({
    ...texts,
    summary: `What \`${name}\` downloaded stays in the layer`,
    why: `\`${name}\` keeps packages or metadata that the image has no use for. Only the \`RUN\` that fetched them can remove them; a later one hides them and leaves the bytes in the layer below.

Nothing is said in a stage that the final image is not built on, nor with a cache mount over ${program.folders.map((folder) => `\`${folder}\``).join(" or ")}.`,
    severity: "info",
    *check(input) {
      const shipped = input.build.finalStages();
      for (const it of input.build.scripts()) {
        const command = shipped.has(it.instruction.stageIndex) ? leftBy(it, program) : undefined;
        if (command)
          yield { span: spanUpTo(command, operandsOf(command)[0]), data: { ...it, name: command.name ?? name } };
      }
    },
    message: (data) =>
      `What ${data.name} downloaded stays in this layer: end this RUN with ${data.name} ${program.cleanup}`,
    fixSafety: "safe",
    fix({ data }, { build: { file } }) {
      const cleanup = `${data.name} ${program.cleanup}`;
      const changes = appendCommand(file, data.instruction, data.script, cleanup);
      return changes && { title: `Append ${cleanup}`, changes };
    },
  });
}

/** The last download that nothing cleans up behind. */
function leftBy(
  { run, script: { commands } }: InstructionScript,
  { names, subcommands, folders, cleans }: CachingProgram,
): ShellCommand | undefined {
  if (mountsOf(run).some((mount) => isOver(mount, folders))) return undefined;
  const downloads = (command: ShellCommand): boolean =>
    runsProgram(command, ...names) &&
    subcommands.includes(operandsOf(command)[0]?.value ?? "") &&
    !hasOption(command, "--version", "--help", "-h");
  const index = commands.findLastIndex(downloads);
  const cleansUp = (command: ShellCommand): boolean =>
    (runsProgram(command, ...names) && cleans(command)) || folders.some((folder) => removesFolder(command, folder));
  const isCleaned = commands.some((command, at) => (at > index || command.name === "trap") && cleansUp(command));
  return index >= 0 && !isCleaned ? commands[index] : undefined;
}

/** A cache or tmpfs mount at one of the folders, above it or inside it. */
function isOver({ type, target }: Mount, folders: readonly string[]): boolean {
  if (target === undefined || (type !== "cache" && type !== "tmpfs")) return false;
  const place = target.value.replace(/\/*$/, "/");
  return folders.some((folder) => `${folder}/`.startsWith(place) || place.startsWith(`${folder}/`));
}
