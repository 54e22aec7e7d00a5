import type { FactFetchers } from "../../dockerfile/facts/store.ts";
import { fetchBaseImage, withoutEngine } from "../../dockerfile/facts/fetch/baseImage.ts";
import { fetchContextFiles } from "../../dockerfile/facts/fetch/contextFiles.ts";
import { createMachineResolver } from "../../dockerfile/pin/resolve.ts";
import type { Result } from "../../oci/core/error.ts";
import { createCredentials } from "../../oci/source/credentials.ts";
import { watchEngine, type EngineWatch } from "../../oci/source/engineEvents.ts";
import { noLayers, openLocalEngine, processSurroundings, type LocalEngine } from "../../oci/source/localEngine.ts";
import type { DigestResolver } from "../../oci/source/source.ts";
import type { ServerSettings } from "../protocol/settings.ts";

/** Where the server's facts and digests come from. */
export interface Sources extends FactFetchers {
  readonly resolver: DigestResolver;
  dispose(): void;
}

export interface SourceOptions {
  readonly settings: ServerSettings;
  /** False: only the disk is read. */
  readonly isTrusted: boolean;
  /** The engine's images changed, or the engine came or went. */
  readonly onImagesChanged: () => void;
}

// How soon an engine that was not there is looked for again, while some hint needs it: a few socket probes.
const searchAgainMs = 10_000;

export function createSources({ settings, isTrusted, onImagesChanged }: SourceOptions): Sources {
  const lifetime = new AbortController();
  const { insecureRegistries } = settings;
  let opening: Promise<Result<LocalEngine>> | undefined;
  let watch: EngineWatch | undefined;

  const searchAgain = () => {
    opening = undefined;
    if (!lifetime.signal.aborted) onImagesChanged();
  };
  const open = async (): Promise<Result<LocalEngine>> => {
    const opened = await openLocalEngine(settings.engineHost, () => noLayers, lifetime.signal);
    if (opened.ok) watch ??= watchEngine(opened.value.endpoint.connection, { onImagesChanged });
    else setTimeout(searchAgain, searchAgainMs).unref();
    return opened;
  };

  return {
    resolver: createMachineResolver({ credentials: createCredentials(processSurroundings()), insecureRegistries, openEngine: () => (opening ??= open()) }),
    contextFiles: (_key, scope, signal) => fetchContextFiles(scope, signal),
    async baseImage(key, _scope, signal) {
      if (!isTrusted) return { state: "unavailable", reason: "this workspace is not trusted, so no engine is asked" };
      const opened = await (opening ??= open());
      return opened.ok ? fetchBaseImage(key, opened.value.engine, signal) : withoutEngine(opened.error);
    },
    dispose() {
      lifetime.abort();
      watch?.dispose();
    },
  };
}
