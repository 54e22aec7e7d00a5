import { createBuiltImagesReader } from "../../dockerfile/facts/fetch/builtImages.ts";
import { createAptIndexes } from "../../dockerfile/facts/fetch/apt/aptIndexes.ts";
import { createTextCache, type TextCache } from "../../dockerfile/facts/fetch/apt/cache.ts";
import { createShellCheck } from "../../dockerfile/facts/fetch/shellcheck.ts";
import { configPlaces, type FactMachine } from "../../dockerfile/facts/machine.ts";
import { createMachineRegistry, createMachineResolver, type MachineResolver } from "../../references/resolve.ts";
import { success, type Result } from "../../oci/core/error.ts";
import { createCredentials } from "../../oci/credentials/credentials.ts";
import { watchEngine, type EngineWatch } from "../../oci/engine/events.ts";
import { openLocalEngine, unsupportedLayers, type LocalEngine } from "../../oci/engine/local.ts";
import { createLayerClient, type LayerClient } from "../../oci/layers/client.ts";
import { layerWorkerPath } from "../../oci/layers/workerPath.ts";
import { layerCacheFolder, packageCacheFolder } from "../../oci/source/cacheFolder.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import type { ServerSettings } from "../protocol/settings.ts";

/** The parts of this machine and its network that the server uses, for one state of the settings. */
export interface ServerMachine {
  readonly facts: FactMachine;
  readonly resolver: MachineResolver;
  dispose(): void;
}

export interface MachineOptions {
  readonly settings: ServerSettings;
  /** If false, only the disk is read. */
  readonly isTrusted: boolean;
  /** Called when the engine's images changed, or the engine appeared or disappeared. */
  readonly onImagesChanged: () => void;
  readonly log: (message: string) => void;
}

export function openMachine({ settings, isTrusted, onImagesChanged, log }: MachineOptions): ServerMachine {
  const engine = keepEngine(settings.engineHost, onImagesChanged);
  const layers = createLayerClient({
    workerPath: layerWorkerPath(),
    cacheFolder: layerCacheFolder(machineEnvironment()),
  });
  const packageCache = createTextCache(packageCacheFolder(machineEnvironment()));
  const shellCheck = createShellCheck({
    path: settings.shellCheckPath,
    onTrouble: (kind, reason) =>
      log(`${kind === "missing" ? "RUN is" : "a RUN was"} not checked by ShellCheck: ${reason}`),
  });
  return {
    facts: {
      engine: isTrusted
        ? { open: async () => readerOf(await engine.open(), layers), builtImages: createBuiltImagesReader() }
        : { refusal: "this workspace is not trusted, so no engine is contacted" },
      registries: registriesOf(settings, isTrusted, layers),
      shellCheck: isTrusted ? shellCheck : { refusal: "this workspace is not trusted, so ShellCheck is not started" },
      aptIndexes: aptIndexesOf(settings, isTrusted, packageCache),
      packageCache,
      configPlaces: { ...configPlaces(), ...(!isTrusted && { keepsInside: true }) },
    },
    resolver: createMachineResolver({
      credentials: createCredentials(machineEnvironment()),
      insecureRegistries: settings.insecureRegistries,
      openEngine: () => engine.open(),
    }),
    dispose: () => {
      engine.dispose();
      layers.dispose();
    },
  };
}

function aptIndexesOf(
  { isNetworkAllowed }: ServerSettings,
  isTrusted: boolean,
  cache: TextCache,
): FactMachine["aptIndexes"] {
  if (!isTrusted) return { refusal: "this workspace is not trusted, so package indexes are not fetched" };
  if (!isNetworkAllowed)
    return { refusal: "the setting imagewright.network is off, so package indexes are not fetched" };
  return createAptIndexes({ fetch, cache });
}

function registriesOf(settings: ServerSettings, isTrusted: boolean, layers: LayerClient): FactMachine["registries"] {
  if (!isTrusted) return { refusal: "this workspace is not trusted, so no registry is contacted" };
  if (!settings.isNetworkAllowed)
    return { refusal: "the setting imagewright.network is off, so no registry is contacted" };
  const allowed = new Set(settings.sizeRegistries);
  const { imageFiles, packageSizes } = layers.layersOfRegistry({ insecureRegistries: settings.insecureRegistries });
  return {
    whyNot: (registry) =>
      allowed.has(registry)
        ? undefined
        : `${registry} isn't contacted unless the setting imagewright.sizes.registries has "${registry}"`,
    source: {
      ...createMachineRegistry({
        credentials: createCredentials(machineEnvironment()),
        insecureRegistries: settings.insecureRegistries,
      }),
      imageFiles,
      packageSizes,
    },
    fetch,
  };
}

/** Reads the engine's images, and their files in the layer worker. */
function readerOf(opened: Result<LocalEngine>, layers: LayerClient) {
  if (!opened.ok) return opened;
  const { engine } = opened.value;
  const { imageFiles, packageSizes, waste } = layers.layersOf(engine.connection);
  return success({ ...engine, imageFiles, packageSizes, waste });
}

interface KeptEngine {
  /** The engine, searched on the first call. */
  open(): Promise<Result<LocalEngine>>;
  dispose(): void;
}

// The interval for retrying to find a missing engine while some hint needs it: a few socket probes.
const searchAgainMs = 10_000;

/** Finds the engine once and watches its images; a missing one is searched again when next needed. */
function keepEngine(host: string, onImagesChanged: () => void): KeptEngine {
  const lifetime = new AbortController();
  let opening: Promise<Result<LocalEngine>> | undefined;
  let watch: EngineWatch | undefined;

  const searchAgain = () => {
    opening = undefined;
    if (!lifetime.signal.aborted) onImagesChanged();
  };
  const open = async (): Promise<Result<LocalEngine>> => {
    const opened = await openLocalEngine(host, () => unsupportedLayers, lifetime.signal);
    if (lifetime.signal.aborted) return opened;
    if (opened.ok) watch ??= watchEngine(opened.value.endpoint.connection, { onImagesChanged });
    else setTimeout(searchAgain, searchAgainMs).unref();
    return opened;
  };
  return {
    open: () => (opening ??= open()),
    dispose() {
      lifetime.abort();
      watch?.dispose();
    },
  };
}
