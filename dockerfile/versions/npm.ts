import type { FactKeyOf, FactTypes } from "../facts/fact.ts";
import type { Build } from "../semantics/build.ts";
import { hasOption, runsProgram } from "../semantics/runCommands.ts";
import { satisfies } from "../size/node/semver.ts";
import type { ShellCommand } from "../shell/shell.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Instruction } from "../syntax/syntax.ts";
import type { InstallCommand, VersionedProgram } from "./program.ts";

/** Versions of the registry that npm would ask. */
export const npm: VersionedProgram = {
  name: /^npm$/,
  actions: ["install", "i", "in", "add"],
  separator: "@",
  package: /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]{0,213})$/,
  isExempt: (command) => hasOption(command, "--tag", "--before", "--min-release-age"),
  find(command, name) {
    const key = keyOf(command, name);
    const fact = key && command.build.facts.get(key);
    if (fact?.state === "pending") return "pending";
    if (fact?.state !== "known") return undefined;
    const { versions, tags } = fact.value;
    const candidate = takesNewest(command) ? newestFor(command, fact.value) : undefined;
    const labels = new Map([...tags].reverse().map(([tag, version]) => [version, tag]));
    return { versions, labels, ...(candidate !== undefined && { candidate }) };
  },
};

/** Undefined if the registry is set in a way that isn't followed. */
function keyOf({ build, instruction, words }: InstallCommand, name: string): FactKeyOf<"packageVersions"> | undefined {
  if (
    words.some((word) => /^--(?:@.*:registry|userconfig|globalconfig)/.test(word)) ||
    isConfigured(build, instruction)
  )
    return undefined;
  const address = optionOf(words) ?? variableOf(build, instruction, "registry");
  const base = build.baseImage(build.rootStage(build.file.stages[instruction.stageIndex]));
  const { platform } = build;
  return {
    kind: "packageVersions",
    index: "npm",
    name,
    ...(address !== undefined && { address }),
    ...(base && { base: base.text }),
    ...(platform !== undefined && { platform }),
  };
}

/** The value of `--registry`. */
function optionOf(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => /^--registry(?:=|$)/.test(word));
  return at < 0 ? undefined : (/=(.*)/.exec(words[at] ?? "")?.[1] ?? words[at + 1] ?? "");
}

function variableOf(build: Build, instruction: Instruction, setting: string): string | undefined {
  const lookup = build.scopesWithBases().lookup(instruction);
  const value = lookup(`NPM_CONFIG_${setting.toUpperCase()}`)?.value ?? lookup(`npm_config_${setting}`)?.value;
  return value === "" ? undefined : value;
}

/** True if a line up to the instruction configures what npm installs. */
function isConfigured(build: Build, instruction: Instruction): boolean {
  return build
    .scripts()
    .filter(({ instruction: one }) => one === instruction || build.isBuiltOn(instruction, one))
    .some(({ script }) => script.commands.some(configures));
}

function configures(command: ShellCommand): boolean {
  const words = command.arguments.map(({ value }) => value);
  return (
    runsProgram(command, "npm") &&
    words.some((word) => /^(?:config|c|set)$/.test(word)) &&
    words.some((word) => /registry|before|tag|min-release-age/.test(word))
  );
}

/** False if settings or a package.json, which may be where npm runs, may ask for another version. */
function takesNewest({ build, instruction, words }: InstallCommand): boolean {
  if (variableOf(build, instruction, "tag") !== undefined || variableOf(build, instruction, "before") !== undefined)
    return false;
  if (words.some((word) => /^(?:-g|--global|--location=global)$/.test(word))) return true;
  if (mountsOf(instruction).some(({ type }) => type === "bind")) return false;
  return !build.file.instructions.some(
    (earlier) => build.isBuiltOn(instruction, earlier) && /^(?:COPY|ADD)$/.test(earlier.keyword.value),
  );
}

/** The newest version, if the base image's Node is one that it says it runs on. */
function newestFor(
  { build, instruction }: InstallCommand,
  { newest }: FactTypes["packageVersions"],
): string | undefined {
  if (!newest || newest.engine === undefined) return newest?.version;
  const node = build.scopesWithBases().lookup(instruction)("NODE_VERSION")?.value;
  return node !== undefined && satisfies(node, newest.engine) === true ? newest.version : undefined;
}
