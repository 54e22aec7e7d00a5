import { languages, type LogOutputChannel, ProgressLocation, type TextDocument, window } from "vscode";
import { patternsOf } from "../../../server/protocol/pinnedFiles.ts";
import type { PinAnswer, PinArguments, PinMode } from "../../../server/protocol/protocol.ts";
import type { Server } from "../languageServer.ts";
import { currentSetting } from "../ui/settings.ts";
import { safeMessage } from "../ui/untrustedText.ts";
import { summarizePin, type PinSummary } from "./pinSummary.ts";
import { l10n } from "../ui/l10n.ts";

const progressTitles: Readonly<Record<PinMode, string>> = {
  pin: l10n.t("Looking up digests…"),
  check: l10n.t("Checking pinned images…"),
  update: l10n.t("Looking up newer digests…"),
  unpin: l10n.t("Unpinning images…"),
};

/** Runs a pin command on the active editor's file; `where` limits it to the reference at the cursor. */
export async function runPin(
  mode: PinMode,
  where: "file" | "cursor",
  server: Pick<Server, "pin">,
  log: LogOutputChannel,
): Promise<void> {
  const editor = window.activeTextEditor;
  if (!editor || !isPinnable(editor.document)) {
    await window.showInformationMessage(l10n.t("Open a Dockerfile first: this command works on the active editor"));
    return;
  }
  const { document, selection } = editor;
  const args = {
    uri: document.uri.toString(),
    mode,
    ...(where === "cursor" ? { offset: document.offsetAt(selection.active) } : {}),
  };
  const answer = await pinCancellably(progressTitles[mode], args, server);
  if (!answer) return;
  await showSummary(summarizePin(mode, answer), log);
}

/** True for Dockerfiles, and for the other files in which a setting wants images pinned. */
function isPinnable(document: TextDocument): boolean {
  const patterns = patternsOf(currentSetting("otherPinnedFiles", document.uri)).map((pattern) => ({ pattern }));
  return document.languageId === "dockerfile" || (patterns.length > 0 && languages.match(patterns, document) > 0);
}

/** Shows the result of a run; if there are several lines, they are in the log. */
export async function showSummary({ severity, text, lines }: PinSummary, log: LogOutputChannel): Promise<void> {
  for (const line of lines) log.info(line);
  const actions = lines.length > 1 ? [l10n.t("Show Details")] : [];
  const show = {
    info: window.showInformationMessage,
    warning: window.showWarningMessage,
    error: window.showErrorMessage,
  }[severity];
  if ((await show(safeMessage(text), ...actions)) !== undefined) log.show();
}

// As long as VS Code shows a note in its status bar, in milliseconds.
const noteMs = 5000;

/** Shows in the status bar that nothing was changed because the user cancelled. */
export function noteCancelled(what: string): void {
  window.setStatusBarMessage(l10n.t("Cancelled: {0}", what), noteMs);
}

/** Runs a pin with a Cancel button; undefined if the user cancels, in which case nothing was changed. */
function pinCancellably(
  title: string,
  args: PinArguments,
  server: Pick<Server, "pin">,
): Thenable<PinAnswer | undefined> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token): Promise<PinAnswer | undefined> => {
      try {
        return await server.pin(args, token);
      } catch (error) {
        if (!token.isCancellationRequested) throw error;
        noteCancelled(title);
        return undefined;
      }
    },
  );
}
