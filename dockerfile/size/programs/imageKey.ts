import type { FactKeyOf } from "../../facts/fact.ts";
import type { Build } from "../../semantics/build.ts";
import type { Stage } from "../../syntax/syntax.ts";

const registryKinds = {
  aptBase: "registryAptBase",
  apkBase: "registryApkBase",
  pythonBase: "registryPythonBase",
} as const;

type RegistryKinds = typeof registryKinds;

type ImageKey<Kind extends keyof RegistryKinds> = {
  readonly [It in Kind]: FactKeyOf<It> | FactKeyOf<RegistryKinds[It]>;
}[Kind];

/** The fact about the image that a stage is built on: the local one or, if it can't be read, its registry's. */
export function imageKey<Kind extends keyof RegistryKinds>(
  build: Build,
  stage: Stage,
  kind: Kind,
): ImageKey<Kind> | undefined;
export function imageKey(
  { baseImage, rootStage, platform, facts }: Build,
  stage: Stage,
  kind: keyof RegistryKinds,
): ImageKey<keyof RegistryKinds> | undefined {
  const base = baseImage(rootStage(stage));
  if (!base) return undefined;
  const image = { reference: base.text, ...(platform !== undefined && { platform }) };
  const local = facts.get({ kind, ...image });
  const isHere = local.state !== "unavailable" || local.isFinal === true;
  return { kind: isHere ? kind : registryKinds[kind], ...image };
}
