import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import type { Sources } from "./sources.ts";
import { affectsSources } from "./sourceSettings.ts";

/** Has the sources follow VS Code's settings and Docker's own, in which `docker context use` names another engine. */
export function onSettingsChange(sources: Sources, failed: (error: unknown) => void): Disposable {
  const docker = watchDockerConfig(() => void sources.reloadContext().catch(failed));
  docker.catch(failed);
  return Disposable.from(
    workspace.onDidChangeConfiguration(
      (change) => affectsSources(change) && void sources.applySettings().catch(failed),
    ),
    {
      dispose: () =>
        void docker.then(
          (watcher) => watcher.dispose(),
          () => undefined,
        ),
    },
  );
}

async function watchDockerConfig(onChange: () => void): Promise<Disposable> {
  const { dockerConfigFolder } = await import("./engineAccess.ts");
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(dockerConfigFolder()), "config.json"));
  return Disposable.from(
    watcher,
    watcher.onDidCreate(onChange),
    watcher.onDidChange(onChange),
    watcher.onDidDelete(onChange),
  );
}
