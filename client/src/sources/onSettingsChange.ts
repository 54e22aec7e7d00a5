import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { configFolder } from "../../../oci/credentials/dockerConfig.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import type { Sources } from "./sources.ts";
import { affectsSources } from "./sourceSettings.ts";

/** Makes the sources follow VS Code's settings and Docker's own, which `docker context use` changes. */
export function onSettingsChange(sources: Sources, failed: (error: unknown) => void): Disposable {
  const docker = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(configFolder(machineEnvironment())), "config.json"),
  );
  const reloadContext = (): void => void sources.reloadContext().catch(failed);
  return Disposable.from(
    workspace.onDidChangeConfiguration(
      (change) => affectsSources(change) && void sources.applySettings().catch(failed),
    ),
    docker,
    docker.onDidCreate(reloadContext),
    docker.onDidChange(reloadContext),
    docker.onDidDelete(reloadContext),
  );
}
