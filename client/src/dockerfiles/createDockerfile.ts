import type { Dialogs } from "../actions/dialogs/dialogs.ts";
import type { Server } from "../languageServer.ts";
import { l10n } from "../ui/l10n.ts";

/** The folders of the workspace, and the editor that shows new files. */
export interface ProjectFolders {
  /** The folders of the workspace, by URI. */
  list(): readonly WorkspaceFolder[];
  exists(uri: string): Promise<boolean>;
  /** Opens a file that doesn't exist yet with a text; saving it creates it. */
  openNew(uri: string, text: string): Promise<void>;
}

export interface WorkspaceFolder {
  readonly name: string;
  readonly uri: string;
}

interface ProjectParts {
  readonly dialogs: Dialogs;
  readonly folders: ProjectFolders;
  readonly server: Pick<Server, "projectDockerfiles">;
}

/** Opens a new Dockerfile for the project in a folder of the workspace, which its author checks and saves. */
export async function createDockerfile({ dialogs, folders, server }: ProjectParts): Promise<void> {
  const listed = folders.list();
  if (listed.length === 0) return dialogs.showMessage(l10n.t("Open the project's folder first"));
  const folder = await chooseFolder(listed, dialogs);
  if (!folder) return;
  const uri = `${folder.uri.replace(/\/$/, "")}/Dockerfile`;
  if (await folders.exists(uri)) return dialogs.showMessage(l10n.t("{0} already has a Dockerfile", folder.name));
  const { refusal, dockerfiles: written } = await server.projectDockerfiles({ folder: folder.uri });
  if (refusal !== undefined) return dialogs.showMessage(refusal);
  if (written.length === 0)
    return dialogs.showMessage(
      l10n.t(
        "No project found in {0}: it has no go.mod, package.json, requirements.txt, pom.xml, or Cargo.toml with src/main.rs",
        folder.name,
      ),
    );
  const choices = written.map(({ language, text }) => ({ label: language, text }));
  const chosen = choices.length === 1 ? choices[0] : await dialogs.pickOne(l10n.t("Which project?"), choices);
  if (chosen) await folders.openNew(uri, chosen.text);
}

async function chooseFolder(
  folders: readonly WorkspaceFolder[],
  dialogs: Dialogs,
): Promise<WorkspaceFolder | undefined> {
  if (folders.length === 1) return folders[0];
  const choices = folders.map((folder) => ({ label: folder.name, folder }));
  return (await dialogs.pickOne(l10n.t("Create a Dockerfile for which folder?"), choices))?.folder;
}
