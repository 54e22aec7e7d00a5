import { dirname, resolve } from "node:path";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import type { AptIndexes } from "../../dockerfile/facts/fetch/apt/aptIndexes.ts";
import { createBuiltImagesReader } from "../../dockerfile/facts/fetch/builtImages.ts";
import type { TextCache } from "../../dockerfile/facts/fetch/apt/cache.ts";
import type { ShellCheck } from "../../dockerfile/facts/fetch/shellcheck.ts";
import { candidateRoots } from "../../dockerfile/facts/candidateRoots.ts";
import { dockerfileOfIgnoreFile } from "../../dockerfile/facts/ignoreFileName.ts";
import { createSharedListings } from "../../dockerfile/facts/fetch/sharedListings.ts";
import { factKinds } from "../../dockerfile/facts/kinds/index.ts";
import {
  configPlaces,
  type EngineOpener,
  type FactMachine,
  type RegistryOpener,
} from "../../dockerfile/facts/machine.ts";
import type { FactScope } from "../../dockerfile/facts/scope.ts";
import { FactStore } from "../../dockerfile/facts/store.ts";
import { success, type Result } from "../../oci/core/error.ts";
import type { LocalEngine } from "../../oci/engine/local.ts";
import type { LayerClient } from "../../oci/layers/client.ts";
import { layerWorkerPath } from "../../oci/layers/workerPath.ts";
import { layerCacheFolder, packageCacheFolder } from "../../oci/source/cacheFolder.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";

/** Facts for one run of the program. The engine is looked for once. */
export interface OpenFacts {
  /**
   * Runs `read` until every fact that it needs has arrived, so that the last result misses none. Throws once `signal`
   * is aborted.
   */
  read<T>(scope: FactScope, read: (facts: Facts) => T, signal: AbortSignal): Promise<T>;
  dispose(): void;
}

// Each round can request facts that depend on the previous round's answers. A few rounds are enough.
const maxRounds = 20;

/** The systems that may be contacted: none, the engine only, or hosts on the network too. */
export type Reach = "offline" | "engine" | "online";

/** Opens facts for a run. Scripts are not checked without a `shellCheck`. */
export function openFacts(reach: Reach, shellCheck?: ShellCheck): OpenFacts {
  const machine = machineOf(reach, shellCheck);
  const store = new FactStore({ kinds: factKinds, machine: () => machine, onChange: () => undefined });
  return {
    async read(scope, read, signal) {
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
      );
      // The rejection is ignored once the facts are there.
      aborted.catch(() => undefined);
      for (let round = 1; ; round++) {
        let isPending = false;
        const view = store.view(scope);
        const value = read({
          get: (key) => {
            const state = view.get(key);
            isPending ||= state.state === "pending";
            return state;
          },
        });
        if (!isPending || round === maxRounds) return value;
        signal.throwIfAborted();
        await Promise.race([store.idle(), aborted]);
      }
    },
    dispose() {
      store.dispose();
      machine.dispose();
    },
  };
}

/** As `openFacts`, for a single use. */
export async function withFacts<T>(
  scope: FactScope,
  reach: Reach,
  read: (facts: Facts) => T,
  signal: AbortSignal,
): Promise<T> {
  const facts = openFacts(reach);
  try {
    return await facts.read(scope, read, signal);
  } finally {
    facts.dispose();
  }
}

/**
 * The scope of a Dockerfile given by path, with `context` as its build context. Without it, the context is the
 * Dockerfile's folder, a folder above it up to the current one, or the current one: the first that has the files that
 * COPY and ADD name.
 */
export function scopeOf(dockerfilePath: string | undefined, context: string | undefined): FactScope {
  if (context !== undefined)
    return {
      ...(dockerfilePath !== undefined && { dockerfilePath }),
      contextRoot: resolve(context),
      isContextNamed: true,
    };
  if (dockerfilePath === undefined) return {};
  const folder = dirname(dockerfilePath);
  return { dockerfilePath, candidateRoots: [...new Set([...candidateRoots(folder, process.cwd()), process.cwd()])] };
}

/** The scope of an ignore file given by path: the context whose root it is in, or the context of its Dockerfile. */
export function ignoreFileScopeOf(path: string, context: string | undefined): FactScope {
  const dockerfile = dockerfileOfIgnoreFile(path);
  return dockerfile === undefined ? { contextRoot: resolve(context ?? dirname(path)) } : scopeOf(dockerfile, context);
}

interface OpenMachine extends FactMachine {
  dispose(): void;
}

/** The engine is looked for once, when a fact about a base image is first read. */
function machineOf(reach: Reach, shellCheck: ShellCheck | undefined): OpenMachine {
  const cache = packageCache();
  const layers = keepLayerClient();
  const engine = reach === "offline" ? undefined : openEngineOnce(layers);
  const given = reach === "offline" ? "--no-network was given" : "this run contacts only the engine";
  return {
    engine: engine ?? { refusal: "--no-network was given, so the engine isn't contacted" },
    registries: reach === "online" ? registriesOf(layers) : { refusal: `${given}, so no registry is contacted` },
    shellCheck: shellCheck ?? { refusal: "ShellCheck isn't run" },
    aptIndexes: reach === "online" ? aptIndexesOf(cache) : { refusal: `${given}, so package indexes are not fetched` },
    packageCache: cache,
    configPlaces: configPlaces(process.cwd()),
    contextListings: createSharedListings(),
    dispose: () => layers.dispose(),
  };
}

/** The reader of layers, opened at first use. */
interface KeptLayerClient {
  open(): Promise<LayerClient>;
  /** Reads already begun are finished for the next command; the program stays alive until then. */
  dispose(): void;
}

function keepLayerClient(): KeptLayerClient {
  let opening: Promise<LayerClient> | undefined;
  const openNow = async (): Promise<LayerClient> => {
    const { createLayerClient } = await import("../../oci/layers/client.ts");
    return createLayerClient({ workerPath: layerWorkerPath(), cacheFolder: layerCacheFolder(machineEnvironment()) });
  };
  return {
    open: () => (opening ??= openNow()),
    dispose: () => void opening?.then((layers) => layers.finish()),
  };
}

/** Loads the code for compression and hashes once something is read or kept. */
function packageCache(): TextCache {
  let opening: Promise<TextCache> | undefined;
  const open = async (): Promise<TextCache> => {
    const { createTextCache } = await import("../../dockerfile/facts/fetch/apt/cache.ts");
    return createTextCache(packageCacheFolder(machineEnvironment()));
  };
  const opened = (): Promise<TextCache> => (opening ??= open());
  return {
    get: async (...request) => (await opened()).get(...request),
    put: async (...request) => (await opened()).put(...request),
  };
}

/** Loads the code for engines and their layers only when it is needed. */
function openEngineOnce(layers: KeptLayerClient): EngineOpener {
  let opening: Promise<Result<LocalEngine>> | undefined;
  return {
    async open(signal) {
      const opened = await (opening ??= openEngine(signal));
      if (!opened.ok) return opened;
      const { engine } = opened.value;
      const { imageFiles, packageSizes } = (await layers.open()).layersOf(engine.connection);
      return success({ ...engine, imageFiles, packageSizes });
    },
    builtImages: createBuiltImagesReader(),
  };
}

/** Loaded once a package index is needed. */
function aptIndexesOf(cache: TextCache): AptIndexes {
  return {
    load: async (...request) => {
      const { createAptIndexes } = await import("../../dockerfile/facts/fetch/apt/aptIndexes.ts");
      return createAptIndexes({ fetch, cache }).load(...request);
    },
  };
}

/** The user runs the command for this, so any registry may be contacted. Loaded once one is needed. */
function registriesOf(layers: KeptLayerClient): RegistryOpener {
  let opening: Promise<Pick<RegistryOpener["source"], "image" | "tarBytes">> | undefined;
  const source = () => (opening ??= openRegistries());
  const files = async () => (await layers.open()).layersOfRegistry({ insecureRegistries: [] });
  return {
    whyNot: () => undefined,
    source: {
      image: async (...request) => (await source()).image(...request),
      tarBytes: async (...request) => (await source()).tarBytes(...request),
      imageFiles: async (...request) => (await files()).imageFiles(...request),
      packageSizes: async (...request) => (await files()).packageSizes(...request),
    },
    fetch,
  };
}

async function openRegistries(): Promise<Pick<RegistryOpener["source"], "image" | "tarBytes">> {
  const [{ createMachineRegistry }, { createCredentials }] = await Promise.all([
    import("../../references/resolve.ts"),
    import("../../oci/credentials/credentials.ts"),
  ]);
  return createMachineRegistry({ credentials: createCredentials(machineEnvironment()), insecureRegistries: [] });
}

async function openEngine(signal: AbortSignal): Promise<Result<LocalEngine>> {
  const { openLocalEngine, unsupportedLayers } = await import("../../oci/engine/local.ts");
  return openLocalEngine("", () => unsupportedLayers, signal);
}
