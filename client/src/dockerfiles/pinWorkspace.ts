import { type LogOutputChannel, ProgressLocation, window } from "vscode";
import type { PinWorkspaceAnswer, PinWorkspaceArguments } from "../../../server/protocol/protocol.ts";
import type { Server } from "../languageServer.ts";
import { noteCancelled, showSummary } from "./pinFile.ts";
import { changeQuestion, summarizeWorkspacePin } from "./pinWorkspaceSummary.ts";
import type { WorkspaceImageFiles } from "./workspaceDockerfiles.ts";
import { counted } from "../ui/phrases.ts";
import { l10n } from "../ui/l10n.ts";

export interface WorkspacePinParts {
  readonly dockerfiles: WorkspaceImageFiles;
  readonly server: Pick<Server, "pinWorkspace">;
  readonly log: LogOutputChannel;
}

/**
 * Pins or updates the images in all Dockerfiles of the workspace, and in other files by a setting: all at once, or
 * those that the user ticks in VS Code's preview.
 */
export async function runWorkspacePin(
  mode: PinWorkspaceArguments["mode"],
  { dockerfiles, server, log }: WorkspacePinParts,
): Promise<void> {
  const [uris, others] = await Promise.all([dockerfiles.find(), dockerfiles.findOthers()]);
  const args = { uris, otherUris: others.uris, mode };
  const fileCount = uris.length + others.uris.length;
  if (fileCount + others.unsaved.length === 0) {
    await window.showInformationMessage(l10n.t("This workspace has no Dockerfile"));
    return;
  }
  const unsaved = others.unsaved.map((uri) =>
    l10n.t("{0} has unsaved changes; save it to pin in it", dockerfiles.name(uri)),
  );
  const run = async (title: string, edits?: PinWorkspaceArguments["edits"]) => {
    const answer = await pinCancellably(title, { ...args, ...(edits && { edits }) }, server);
    return answer && { ...answer, problems: [...unsaved, ...answer.problems] };
  };
  const planned = await run(l10n.t("Looking up digests for {0}…", counted(fileCount, "file")));
  if (!planned) return;
  const question = changeQuestion(mode, planned);
  const edits = question === undefined ? undefined : await askForEdits(question);
  if (question !== undefined && !edits) return noteCancelled(l10n.t("pinning images in the workspace"));
  const answer = edits
    ? await run(edits === "all" ? l10n.t("Pinning images…") : l10n.t("Waiting for the edits that you tick…"), edits)
    : planned;
  if (answer)
    await showSummary(
      summarizeWorkspacePin(mode, { ...answer, edits }, (uri) => dockerfiles.name(uri)),
      log,
    );
}

/**
 * VS Code's preview opens only for edits that must be confirmed, and has those unticked, each to be ticked by hand. It
 * is therefore offered, not imposed.
 */
async function askForEdits(question: string): Promise<PinWorkspaceArguments["edits"]> {
  const all = l10n.t("Change All");
  const review = l10n.t("Review Edits");
  const chosen = await window.showInformationMessage(question, all, review);
  return chosen === all ? "all" : chosen === review ? "preview" : undefined;
}

/** Undefined if the user cancels, in which case nothing was changed. */
function pinCancellably(
  title: string,
  args: PinWorkspaceArguments,
  server: Pick<Server, "pinWorkspace">,
): Thenable<PinWorkspaceAnswer | undefined> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token): Promise<PinWorkspaceAnswer | undefined> => {
      try {
        return await server.pinWorkspace(args, token);
      } catch (error) {
        if (!token.isCancellationRequested) throw error;
        noteCancelled(l10n.t("pinning images in the workspace"));
        return undefined;
      }
    },
  );
}
