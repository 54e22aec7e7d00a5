import {
  CodeLensRefreshRequest,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { trustGranted } from "../protocol/protocol.ts";
import { createHintRefresh } from "./hintRefresh.ts";
import { createLensClock } from "./lensClock.ts";
import { createImageFileRegistration, type ImageFileRegistration } from "./imageFileRegistration.ts";
import { pushAll, pushOnChange } from "./publishedDiagnostics.ts";
import type { AnyLspRequest } from "./requests/request.ts";
import { requests } from "./requests/requests.ts";
import type { ConfigProblems } from "./lintConfigs.ts";
import { Session } from "./session.ts";
import { toPublished } from "./toLsp.ts";

/** Starts the language server on `connection`. Its life cycle is here; the supported requests are a table. */
export function startServer(connection: Connection, answered = requests): void {
  let capabilities: InitializeParams["capabilities"] = {};
  let imageFiles: ImageFileRegistration | undefined;
  const hintRefresh = createHintRefresh(() => refreshHints(connection));
  const lensClock = createLensClock(() => refreshLenses(connection, capabilities));
  const session: Session = new Session(connection, {
    onFactsChanged() {
      if (capabilities.workspace?.inlayHint?.refreshSupport) hintRefresh.outdated();
      refreshLenses(connection, capabilities);
      refreshDiagnostics(connection, capabilities, session);
    },
    onConfigProblems: (found) => publishConfigProblems(connection, session, found),
    onHintsRequested: () => hintRefresh.requested(),
    onLensesShown: (lenses) => lensClock.shown(lenses),
  });
  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    session.initialize(params);
    return { serverInfo: { name: "imagewright" }, capabilities: capabilitiesOf(answered, capabilities) };
  });
  connection.onInitialized(async () => {
    if (!capabilities.textDocument?.diagnostic) pushOnChange(connection, session);
    imageFiles = createImageFileRegistration(connection, session, capabilities);
    if (capabilities.workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders((change) => {
        session.foldersChanged(change);
        imageFiles?.update();
      });
    imageFiles.update();
    await registerForChanges(connection, capabilities);
  });
  connection.onShutdown(() => {
    hintRefresh.dispose();
    lensClock.dispose();
    session.dispose();
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    session.settingsChanged(settings?.imagewright);
    imageFiles?.update();
    refreshLenses(connection, capabilities);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => session.filesChanged(changes.map(({ uri }) => uri)));
  connection.onNotification(trustGranted, () => session.trustGranted());
  for (const request of answered) request.listen(connection, session);
  session.documents.listen(connection);
  connection.listen();
}

function capabilitiesOf(
  answered: readonly AnyLspRequest[],
  client: InitializeParams["capabilities"],
): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    ...Object.assign({}, ...answered.map((request) => request.capability(client))),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/**
 * Reports the problems of a configuration that a Dockerfile uses. An open one is a separate document with its own
 * diagnostics.
 */
function publishConfigProblems(connection: Connection, session: Session, found: ConfigProblems): void {
  if (!session.openDocument(found.path)) void connection.sendDiagnostics(toPublished(found));
}

function refreshHints(connection: Connection): void {
  connection.languages.inlayHint.refresh().catch(() => logLost(connection, "inlay hints"));
}

function refreshLenses(connection: Connection, { workspace }: InitializeParams["capabilities"]): void {
  if (!workspace?.codeLens?.refreshSupport) return;
  connection.sendRequest(CodeLensRefreshRequest.type).catch(() => logLost(connection, "code lenses"));
}

/** Refreshes diagnostics when facts have arrived: an editor that pulls them pulls again, others get them pushed. */
function refreshDiagnostics(
  connection: Connection,
  { workspace, textDocument }: InitializeParams["capabilities"],
  session: Session,
): void {
  if (workspace?.diagnostics?.refreshSupport)
    connection.languages.diagnostics.refresh().catch(() => logLost(connection, "diagnostics"));
  else if (!textDocument?.diagnostic) pushAll(connection, session).catch(() => logLost(connection, "diagnostics"));
}

function logLost(connection: Connection, what: string): void {
  connection.console.warn(`could not notify the editor that ${what} changed`);
}

async function registerForChanges(
  connection: Connection,
  capabilities: InitializeParams["capabilities"],
): Promise<void> {
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*" }] });
  }
}
