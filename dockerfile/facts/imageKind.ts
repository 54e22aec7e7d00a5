import type { FactKeyOf, FactKindName, FactState, FactTypes } from "./fact.ts";
import type { TextCache } from "./fetch/apt/cache.ts";
import { withoutEngine } from "./fetch/baseImage.ts";
import { readFromRegistry, registryLifetimeMs, type RegistryFilesReader } from "./fetch/registryReader.ts";
import type { FactKind } from "./kind.ts";
import type { EngineReader } from "./machine.ts";

/** The kinds of facts about one image, by its reference. */
type ImageKindName = {
  readonly [Kind in FactKindName]: FactKeyOf<Kind> extends { readonly reference: string } ? Kind : never;
}[FactKindName];

/** Reads a fact from the files of an image; `cache` keeps it for images with the same layers. */
type ReadImage<Kind extends ImageKindName, Reader> = (
  key: FactKeyOf<Kind>,
  reader: Reader,
  cache: TextCache,
  signal: AbortSignal,
) => Promise<FactState<FactTypes[Kind]>>;

/** Creates a kind of fact that is read from an image of the local engine. `load` loads its code once it is needed. */
export function localImageKind<Kind extends ImageKindName>(
  kind: Kind,
  load: () => Promise<ReadImage<Kind, EngineReader>>,
): FactKind<Kind> {
  return {
    kind,
    scopedBy: () => [],
    async fetch(key, _scope, { engine, packageCache }, signal) {
      if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
      const opened = await engine.open(signal);
      if (!opened.ok) return withoutEngine(opened.error);
      const read = await load();
      return read(key, opened.value, packageCache, signal);
    },
    // Engines report changes of their images.
    isOutdatedBy: (change) => change.kind === "images",
  };
}

/** Creates a kind of fact that is read from an image in a registry. `load` loads its code once it is needed. */
export function registryImageKind<Kind extends ImageKindName>(
  kind: Kind,
  load: () => Promise<ReadImage<Kind, RegistryFilesReader>>,
): FactKind<Kind> {
  return {
    kind,
    scopedBy: () => [],
    async fetch(key, _scope, { registries, packageCache }, signal) {
      const read = await load();
      return readFromRegistry(key, registries, (reader) => read(key, reader, packageCache, signal));
    },
    lifetimeMs: registryLifetimeMs,
    isOutdatedBy: () => false,
  };
}
