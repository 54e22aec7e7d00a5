import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { configFolder } from "../../../oci/credentials/dockerConfig.ts";
import { processSurroundings } from "../../../oci/engine/local.ts";
import type { Sources } from "./sources.ts";
import { affectsSources } from "./sourceSettings.ts";

/** Has the sources follow VS Code's settings and Docker's own, in which `docker context use` names another engine. */
export function onSettingsChange(sources: Sources, failed: (error: unknown) => void): Disposable {
  const docker = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(configFolder(processSurroundings())), "config.json"),
  );
  const reconsider = (): void => void sources.reloadContext().catch(failed);
  return Disposable.from(
    workspace.onDidChangeConfiguration(
      (change) => affectsSources(change) && void sources.applySettings().catch(failed),
    ),
    docker,
    docker.onDidCreate(reconsider),
    docker.onDidChange(reconsider),
    docker.onDidDelete(reconsider),
  );
}
