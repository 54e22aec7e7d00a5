import { type LogOutputChannel, ProgressLocation, window } from "vscode";
import type { PinWorkspaceAnswer, PinWorkspaceArguments } from "../../../server/protocol/protocol.ts";
import type { Server } from "../languageServer.ts";
import { noteCancelled, showSummary } from "./pinFile.ts";
import { summarizeWorkspacePin } from "./pinWorkspaceSummary.ts";
import type { WorkspaceDockerfiles } from "./workspaceDockerfiles.ts";
import { counted } from "../ui/phrases.ts";
import { l10n } from "../ui/l10n.ts";

/** Pins or updates the images in all Dockerfiles of the workspace. VS Code previews the edits. */
export async function runWorkspacePin(
  mode: PinWorkspaceArguments["mode"],
  { dockerfiles, server, log }: WorkspacePinParts,
): Promise<void> {
  const uris = await dockerfiles.find();
  if (uris.length === 0) {
    await window.showInformationMessage(l10n.t("This workspace has no Dockerfile"));
    return;
  }
  const answer = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t("Looking up digests for {0}…", counted(uris.length, "Dockerfile")),
      cancellable: true,
    },
    async (_, token): Promise<PinWorkspaceAnswer | undefined> => {
      try {
        return await server.pinWorkspace({ uris, mode }, token);
      } catch (error) {
        if (!token.isCancellationRequested) throw error;
        noteCancelled(l10n.t("pinning images in the workspace"));
        return undefined;
      }
    },
  );
  if (answer)
    await showSummary(
      summarizeWorkspacePin(mode, answer, (uri) => dockerfiles.name(uri)),
      log,
    );
}

export interface WorkspacePinParts {
  readonly dockerfiles: WorkspaceDockerfiles;
  readonly server: Pick<Server, "pinWorkspace">;
  readonly log: LogOutputChannel;
}
