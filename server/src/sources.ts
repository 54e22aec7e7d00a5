import { homedir } from "node:os";
import { dirname } from "node:path";
import type { FactFetchers } from "../../dockerfile/facts/store.ts";
import { fetchBaseImage, withoutEngine } from "../../dockerfile/facts/fetch/baseImage.ts";
import { fetchContextFiles } from "../../dockerfile/facts/fetch/contextFiles.ts";
import { findLintConfigFile } from "../../dockerfile/facts/fetch/lintConfigFile.ts";
import { createShellCheck } from "../../dockerfile/facts/fetch/shellcheck.ts";
import { fetchContextRoot } from "../../dockerfile/facts/fetch/contextRoot.ts";
import { createMachineResolver } from "../../references/resolve.ts";
import type { Result } from "../../oci/core/error.ts";
import { createCredentials } from "../../oci/credentials/credentials.ts";
import { watchEngine, type EngineWatch } from "../../oci/engine/events.ts";
import { unsupportedLayers, openLocalEngine, type LocalEngine } from "../../oci/engine/local.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
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
  readonly log: (message: string) => void;
}

// How soon an engine that was not there is looked for again, while some hint needs it: a few socket probes.
const searchAgainMs = 10_000;

export function createSources({ settings, isTrusted, onImagesChanged, log }: SourceOptions): Sources {
  const lifetime = new AbortController();
  const { insecureRegistries } = settings;
  const shellCheck = createShellCheck({
    path: settings.shellCheckPath,
    onTrouble: (kind, reason) =>
      log(`${kind === "missing" ? "RUN is" : "a RUN was"} not checked by ShellCheck: ${reason}`),
  });
  let opening: Promise<Result<LocalEngine>> | undefined;
  let watch: EngineWatch | undefined;

  const searchAgain = () => {
    opening = undefined;
    if (!lifetime.signal.aborted) onImagesChanged();
  };
  const open = async (): Promise<Result<LocalEngine>> => {
    const opened = await openLocalEngine(settings.engineHost, () => unsupportedLayers, lifetime.signal);
    if (lifetime.signal.aborted) return opened;
    if (opened.ok) watch ??= watchEngine(opened.value.endpoint.connection, { onImagesChanged });
    else setTimeout(searchAgain, searchAgainMs).unref();
    return opened;
  };

  return {
    resolver: createMachineResolver({
      credentials: createCredentials(machineEnvironment()),
      insecureRegistries,
      openEngine: () => (opening ??= open()),
    }),
    contextFiles: (_key, scope, signal) => fetchContextFiles(scope, signal),
    contextRoot: fetchContextRoot,
    async baseImage(key, _scope, signal) {
      if (!isTrusted) return { state: "unavailable", reason: "this workspace is not trusted, so no engine is asked" };
      const opened = await (opening ??= open());
      return opened.ok ? fetchBaseImage(key, opened.value.engine, signal) : withoutEngine(opened.error);
    },
    async shellCheck({ script }, _scope, signal) {
      return isTrusted
        ? shellCheck.check(script, signal)
        : { state: "unavailable", reason: "this workspace is not trusted, so ShellCheck is not started" };
    },
    async lintConfigFile(_key, { dockerfilePath, workspaceFolder }) {
      const folder = dockerfilePath === undefined ? undefined : dirname(dockerfilePath);
      return {
        state: "known",
        value: await findLintConfigFile(folder, workspaceFolder, { env: process.env, homedir: homedir() }),
      };
    },
    dispose() {
      lifetime.abort();
      watch?.dispose();
    },
  };
}
