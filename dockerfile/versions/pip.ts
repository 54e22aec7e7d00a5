import type { Build } from "../semantics/build.ts";
import { variablesOf } from "../size/programs/pipCommands.ts";
import { imageKey } from "../size/programs/imageKey.ts";
import { followPip } from "../size/programs/pipStages.ts";
import type { PythonBase } from "../size/python/base.ts";
import { parsePip, type PipVariables } from "../size/python/command.ts";
import { normalizedName } from "../size/python/requirement.ts";
import type { Instruction } from "../syntax/syntax.ts";
import type { FoundVersions, InstallCommand, VersionedProgram } from "./program.ts";

const requirement = {
  separator: "==",
  package: /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?:\[[\w,.-]+\])?$/,
  // After any operator of PEP 440, and after other clauses of the same requirement.
  place: /^([A-Za-z0-9][\w.-]*)(?:\[[\w,.\s-]*\])?\s*(?:[=<>!~]=?=?\s*[\w.*+!-]+\s*,\s*)*(?:===|[=<>!~]=|[<>])\s*/,
};

/** Versions of the index that the base image's pip uses, for its Python. */
export const pip: VersionedProgram = {
  ...requirement,
  name: /^pip(?:3(?:\.\d+)?)?$/,
  actions: ["install"],
  find: (command, name) =>
    command.isWhole ? installed(command, name) : listed(command, name, variablesOf(command.build, command.instruction)),
};

/** Installs with pip. Which version it chooses isn't predicted. @see https://pipx.pypa.io/stable/reference/cli/ */
export const pipx: VersionedProgram = {
  ...requirement,
  name: /^pipx$/,
  actions: ["install", "inject"],
  find: (command, name) =>
    command.isWhole
      ? undefined
      : listed(asPip(command, pipxOptions), name, variablesOf(command.build, command.instruction)),
};

const pipxOptions = /^(?:-f|--(?:force|include-deps|include-apps|global))$/;

/** Ignores pip's settings. Which version it chooses isn't predicted. @see https://docs.astral.sh/uv/reference/cli/ */
export const uv: VersionedProgram = {
  ...requirement,
  name: /^uv$/,
  actions: ["pip install", "tool install"],
  find(command, name) {
    const variables = variablesOf(command.build, command.instruction);
    const isConfigured = uvVariables.some((variable) => (variables(variable) ?? "") !== "");
    if (command.isWhole || isConfigured) return undefined;
    return listed(asPip(command, uvOptions), name, () => undefined, "https://pypi.org/simple");
  },
};

const uvOptions = /^(?:-n|--(?:system|no-cache|force|strict|compile-bytecode|locked|frozen))$/;
const uvVariables = [
  "UV_DEFAULT_INDEX",
  "UV_INDEX",
  "UV_INDEX_URL",
  "UV_EXTRA_INDEX_URL",
  "UV_PYTHON",
  "UV_CONFIG_FILE",
];

/** The command in the words of pip, without options that don't change where packages come from. */
function asPip(command: InstallCommand, without: RegExp): InstallCommand {
  return { ...command, words: ["install", ...command.words.filter((word) => !without.test(word))] };
}

/** All versions of the index. Which of them pip chooses depends on the other packages, so it is left open. */
function listed(
  command: InstallCommand,
  name: string,
  variables: PipVariables,
  ownIndex?: string,
): FoundVersions | "pending" | undefined {
  const { build, instruction, words } = command;
  const base = pythonBaseOf(build, instruction);
  if (base === undefined || base === "pending") return base;
  const install = parsePip(words, variables);
  const index = (install.does === "install" ? install.index : undefined) ?? ownIndex ?? base.index;
  if (install.does !== "install" || index === undefined) return undefined;
  const addresses = [index, ...install.extraIndexes];
  const key = {
    kind: "packageVersions",
    index: "pip",
    name: normalizedName(name),
    target: base.target,
    addresses,
  } as const;
  const fact = build.facts.get(key);
  if (fact.state !== "known") return fact.state === "pending" ? "pending" : undefined;
  const labels = new Map([...fact.value.tags].map(([tag, version]) => [version, tag]));
  return { versions: fact.value.versions, labels };
}

/** The Python of the base image, if its pip has no settings that aren't followed. */
function pythonBaseOf(build: Build, { stageIndex }: Instruction): PythonBase | "pending" | undefined {
  const stage = build.file.stages[stageIndex];
  const key = stage && imageKey(build, stage, "pythonBase");
  const base = key && build.facts.get(key);
  if (base?.state === "pending") return "pending";
  return base?.state === "known" && base.value.settings.length === 0 ? base.value : undefined;
}

/** The version that pip chooses, together with all other packages of the RUN. */
function installed({ build, instruction }: InstallCommand, name: string): FoundVersions | "pending" | undefined {
  const stage = build.file.stages[instruction.stageIndex];
  const followed = stage && build.memo(`pins of pip ${instruction.index}`, () => followPip(build, stage, instruction));
  if (followed?.state === "needs") return "pending";
  if (followed?.state !== "known" || followed.installs.some(({ packages }) => packages.missing !== undefined))
    return undefined;
  const packages = followed.installs.flatMap((install) => install.packages.packages);
  const versions = new Set(packages.flatMap((one) => (one.name === normalizedName(name) ? one.version : [])));
  const [candidate] = versions;
  return candidate === undefined || versions.size > 1 ? undefined : { versions: [candidate], candidate };
}
