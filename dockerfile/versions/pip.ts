import type { FactKeyOf } from "../facts/fact.ts";
import { variablesOf } from "../size/programs/pipCommands.ts";
import { followPip, pythonBaseKey } from "../size/programs/pipStages.ts";
import { parsePip } from "../size/python/command.ts";
import { normalizedName } from "../size/python/requirement.ts";
import type { FoundVersions, InstallCommand, VersionedProgram } from "./program.ts";

/** Versions of the index that the base image's pip uses, for its Python. */
export const pip: VersionedProgram = {
  name: /^pip(?:3(?:\.\d+)?)?$/,
  actions: ["install"],
  separator: "==",
  package: /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?:\[[\w,.-]+\])?$/,
  find: (command, name) => (command.isWhole ? installed(command, name) : listed(command, name)),
};

/** All versions of the index. Which of them pip chooses depends on the other packages, so it is left open. */
function listed(command: InstallCommand, name: string): FoundVersions | "pending" | undefined {
  const key = keyOf(command, name);
  const fact = typeof key === "object" ? command.build.facts.get(key) : undefined;
  if (key === "pending" || fact?.state === "pending") return "pending";
  if (fact?.state !== "known") return undefined;
  const labels = new Map([...fact.value.tags].map(([tag, version]) => [version, tag]));
  return { versions: fact.value.versions, labels };
}

function keyOf(
  { build, instruction, words }: InstallCommand,
  name: string,
): FactKeyOf<"packageVersions"> | "pending" | undefined {
  const stage = build.file.stages[instruction.stageIndex];
  const baseKey = stage && pythonBaseKey(build, stage);
  const base = baseKey && build.facts.get(baseKey);
  if (base?.state === "pending") return "pending";
  const install = parsePip(words, variablesOf(build, instruction, new Map()));
  if (base?.state !== "known" || install.does !== "install" || base.value.settings.length > 0) return undefined;
  const index = install.index ?? base.value.index;
  if (index === undefined) return undefined;
  const addresses = [index, ...install.extraIndexes];
  return { kind: "packageVersions", index: "pip", name: normalizedName(name), target: base.value.target, addresses };
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
