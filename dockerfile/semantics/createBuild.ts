import { createMemo } from "../context/memo.ts";
import { contextPathsIn, literalPathsOf } from "../context/contextPaths.ts";
import type { FactKey, Facts } from "../facts/fact.ts";
import { shellsInEffect } from "../shell/inEffect.ts";
import type { ShellParser } from "../shell/shell.ts";
import { expandKnown } from "../syntax/expand/expand.ts";
import { scopesOf } from "../syntax/expand/variables.ts";
import type { Dockerfile, Stage } from "../syntax/syntax.ts";
import { baseImagesByStage, baseNameOf } from "./baseImages.ts";
import type { Build, BuildOptions, BuildText } from "./build.ts";
import { contextSourcesOf } from "./contextSources.ts";
import { createImageFiles } from "./files/imageFiles.ts";
import { createLayout } from "./imageLayout.ts";
import { lazy } from "./lazy.ts";
import { installsIn } from "./packages/installs.ts";
import { runScriptsIn } from "./runCommands.ts";
import { runtimeUser } from "./runtimeUser.ts";
import { finalStagesOf, isBuiltOnIn, rootStagesOf, stageChainOf, stageRangesOf } from "./stages.ts";

/** Creates the meaning of a Dockerfile, including facts from beyond its text. */
export function createBuild(file: Dockerfile, shell: ShellParser, facts: Facts, options?: BuildOptions): Build {
  return buildWithFacts(readBuildText(file, shell, options), facts);
}

/** Reads the part of a build's meaning that depends only on the text, to be shared by builds with different facts. */
export function readBuildText(
  file: Dockerfile,
  shell: ShellParser,
  { platform, buildArgs }: BuildOptions = {},
): BuildText {
  const scopes = scopesOf(file, buildArgs ? { buildArgs } : {});
  const imagesByStage = lazy(() => baseImagesByStage(file, scopes));
  const ranges = lazy(() => stageRangesOf(file, scopes));
  const roots = lazy(() => rootStagesOf(file, scopes));
  const shells = lazy(() => shellsInEffect(file));
  const scripts = lazy(() => runScriptsIn(file, shell));
  const contextPaths = lazy(() => contextPathsIn(file, scopes));
  return {
    file,
    shell,
    ...(platform !== undefined && { platform }),
    ...(buildArgs && { buildArgs }),
    scopes,
    expand: (instruction, text) => expandKnown(text, file.escape, scopes.lookup(instruction)),
    stageChain: (stage) => stageChainOf(scopes, stage),
    rootStage: (stage) => stage && roots()[stage.index],
    finalStages: lazy(() => finalStagesOf(file, scopes)),
    isBuiltOn: (later, earlier) => isBuiltOnIn(ranges(), later, earlier),
    baseName: (stage) => baseNameOf(scopes, stage),
    baseImages: lazy(() => imagesByStage().filter((image) => image !== undefined)),
    baseImage: (stage) => stage && imagesByStage()[stage.index],
    shellInEffect: (instruction) => shells()(instruction),
    scripts,
    installs: lazy(() => installsIn(scripts())),
    contextPaths,
    literalPaths: lazy(() => literalPathsOf(contextPaths())),
  };
}

/** A build that shares everything that depends only on its text. */
export function buildWithFacts(text: BuildText, facts: Facts): Build {
  const baseImageFact: Build["baseImageFact"] = (stage) => {
    const base = text.baseImage(stage);
    const fact = base && facts.get(baseImageKey(text, base.text));
    return fact?.state === "known" ? fact.value : undefined;
  };
  const baseConfig: Build["baseConfig"] = (stage) => {
    const base = text.baseImage(stage);
    const local = base && facts.get(baseImageKey(text, base.text));
    if (local?.state !== "unavailable") return local?.state === "known" ? local.value : undefined;
    const there = facts.get(registryImageKey(text, base?.text ?? ""));
    return there.state === "known" ? there.value : undefined;
  };
  const known = { ...text, facts, baseImageFact, baseConfig };
  const layout = lazy(() => createLayout(known));
  const build: Build = {
    ...known,
    memo: createMemo(),
    scopesWithBases: lazy(() =>
      scopesOf(text.file, {
        baseEnv: (stage) => baseEnv(known, stage),
        ...(text.buildArgs && { buildArgs: text.buildArgs }),
      }),
    ),
    workingFolder: (instruction) => layout().workingFolder(instruction),
    copy: (instruction) => layout().copy(instruction),
    user: (stage, before = Infinity) => runtimeUser(known, stage, before),
    contextSources: lazy(() => contextSourcesOf(text.contextPaths(), facts)),
    files: lazy(() => createImageFiles(build)),
  };
  return build;
}

/** The fact of a base image, for the target platform. */
export function baseImageKey(
  { platform }: BuildText,
  reference: string,
): Extract<FactKey, { readonly kind: "baseImage" }> {
  return { kind: "baseImage", reference, ...(platform !== undefined && { platform }) };
}

/** The fact of a base image that the local engine doesn't have. */
export function registryImageKey(
  build: BuildText,
  reference: string,
): Extract<FactKey, { readonly kind: "registryImage" }> {
  return { ...baseImageKey(build, reference), kind: "registryImage" };
}

function baseEnv(build: Pick<Build, "baseConfig">, stage: Stage): ReadonlyMap<string, string> | undefined {
  if (stage.base?.value === "scratch") return new Map();
  const env = build.baseConfig(stage)?.env;
  return env && new Map(env.map((entry) => [entry.split("=", 1)[0] ?? "", entry.slice(entry.indexOf("=") + 1)]));
}
