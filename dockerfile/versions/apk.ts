import { compareApkVersions } from "../size/apk/version.ts";
import { apkBaseOf, apkNeeds, apkStateBefore, runApkLine } from "../size/programs/apkStages.ts";
import type { Stage } from "../syntax/syntax.ts";
import type { InstallCommand, VersionedProgram } from "./program.ts";

/** Versions of the base image's own repositories. */
export const apk: VersionedProgram = {
  name: /^apk$/,
  actions: ["add"],
  separator: "=",
  package: /^(\w[\w.+-]*)$/,
  place: /^(\w[\w.+-]*)(?:~=?|=)/,
  find(command, name) {
    const { build, instruction } = command;
    const stage = build.file.stages[instruction.stageIndex];
    const needs = stage && apkNeeds(build, stage);
    if (!needs || "unknown" in needs) return undefined;
    const states = needs.map((key) => build.facts.get(key));
    if (states.some(({ state }) => state === "pending")) return "pending";
    const base = apkBaseOf(build, stage);
    if (!base || states.some(({ state }) => state !== "known")) return undefined;
    const found = base.repositories.flatMap(({ url, tag }) => {
      const list = build.facts.get({ kind: "apkIndex", url, architecture: base.architecture });
      return list.state === "known" && tag === undefined ? list.value.providersOf(name) : [];
    });
    const versions = new Set(found.flatMap((it) => (it.name === name ? [it.version] : [])));
    const candidate = command.isWhole ? installed(command, stage, name) : undefined;
    return {
      versions: [...versions].sort((a, b) => compareApkVersions(b, a) ?? 0),
      ...(candidate !== undefined && versions.has(candidate) && { candidate }),
    };
  },
};

/** The version that the image has after the line. */
function installed({ build, instruction }: InstallCommand, stage: Stage, name: string): string | undefined {
  const before = apkStateBefore(build, stage, instruction);
  const outcome = before.state === "known" ? runApkLine(build, before.value, instruction) : undefined;
  if (outcome === undefined || typeof outcome === "string") return undefined;
  return outcome.state.installed.find((it) => it.name === name)?.version;
}
