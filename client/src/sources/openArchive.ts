import { commands, type LogOutputChannel, type Memento, ProgressLocation, Uri, window, workspace } from "vscode";
import type { OciError } from "../../../oci/core/error.ts";
import { safeLabel, safeMessage } from "../ui/untrustedText.ts";
import { reportError } from "../ui/report.ts";
import { l10n } from "../ui/l10n.ts";

export interface ArchiveParts {
  open(path: string, signal: AbortSignal): Promise<OciError | undefined>;
  /** Stores the paths of open archives for the next start. */
  readonly memento: Memento;
  readonly log: LogOutputChannel;
}

const mementoKey = "imagewright.archives";
/** The number of archives offered; in a larger workspace, use the file dialog. */
const maxOffered = 50;

/** Opens an archive: the given file, or a chosen one of the workspace or from a dialog. */
export async function openArchive(given: unknown, parts: ArchiveParts): Promise<void> {
  const uri = given instanceof Uri ? given : await chooseArchive();
  if (uri === undefined) return;
  const title = safeMessage(l10n.t("Reading {0}…", workspace.asRelativePath(uri)));
  const error = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const reading = new AbortController();
      token.onCancellationRequested(() => reading.abort());
      return parts.open(uri.fsPath, reading.signal).catch((failure: unknown) => {
        if (!reading.signal.aborted) throw failure;
      });
    },
  );
  if (error) return reportError(error, parts.log);
  const open = parts.memento.get<readonly string[]>(mementoKey, []);
  await parts.memento.update(mementoKey, [...open.filter((path) => path !== uri.fsPath), uri.fsPath]);
  // If opened from the explorer or the palette, the view may be hidden.
  await commands.executeCommand("imagewright.images.focus");
}

/** Reopens the archives that were open when the window closed; a missing file is forgotten. */
export async function reopenArchives({ open, memento, log }: ArchiveParts): Promise<void> {
  const kept: string[] = [];
  for (const path of memento.get<readonly string[]>(mementoKey, [])) {
    const error = await open(path, new AbortController().signal);
    if (error) log.info(`${path} wasn't reopened: ${error.message}`);
    else kept.push(path);
  }
  await memento.update(mementoKey, kept);
}

export async function forgetArchive(path: string, memento: Memento): Promise<void> {
  await memento.update(
    mementoKey,
    memento.get<readonly string[]>(mementoKey, []).filter((kept) => kept !== path),
  );
}

async function chooseArchive(): Promise<Uri | undefined> {
  const found = await workspace.findFiles("**/*.{tar,tar.gz,tgz,tar.zst}", "**/node_modules/**", maxOffered);
  if (found.length === 0) return browse();
  const elsewhere = { label: `$(folder-opened) ${l10n.t("Another File…")}`, uri: undefined };
  const items = [
    ...found.map((uri) => ({ label: `$(file-zip) ${safeLabel(workspace.asRelativePath(uri))}`, uri })),
    elsewhere,
  ];
  const chosen = await window.showQuickPick(items, {
    placeHolder: l10n.t("Open which archive? (docker save or OCI image layout)"),
  });
  return chosen === elsewhere ? browse() : chosen?.uri;
}

async function browse(): Promise<Uri | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      title: l10n.t("Open an Image Archive"),
      openLabel: l10n.t("Open"),
      filters: { [l10n.t("Image archives")]: ["tar", "gz", "tgz", "zst"], [l10n.t("All files")]: ["*"] },
    })) ?? [];
  return uri;
}
