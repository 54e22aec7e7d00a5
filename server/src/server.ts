import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  TextDocumentSyncKind,
  type CodeActionParams,
  type Connection,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type InitializeResult,
  type PublishDiagnosticsParams as Diagnosed,
} from "vscode-languageserver";
import {
  originCommand,
  pinCommand,
  pinImageCommand,
  trustGranted,
  type PinAnswer,
  type PinArguments,
  type PinImageAnswer,
  type PinImageArguments,
} from "../protocol/protocol.ts";
import { answer, signalOf } from "./guard.ts";
import { fixAll } from "./features/codeActions.ts";
import { configDiagnostics } from "./features/diagnostics.ts";
import { inlayHints } from "./features/inlayHints.ts";
import { decodePinImageArguments, pinImage } from "./commands/pinImage.ts";
import { lint, type Linted } from "./documents/linted.ts";
import { decodeOriginArguments, findOrigins } from "./commands/origins.ts";
import { decodePinArguments, pin } from "./commands/pinFile.ts";
import { Session, type EditForm } from "./session.ts";
import {
  toCodeAction,
  toConfigDiagnostic,
  toDiagnostic,
  toInlayHint,
  toPublished,
  toSpan,
  toWorkspaceEdit,
  toWorkspaceEdits,
} from "./toLsp.ts";

const fixAllKind = `${CodeActionKind.SourceFixAll}.imagewright`;
const noDiagnostics: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };

/** Starts the language server on `connection`: each request is one line, snapshot → feature → LSP. */
export function startServer(connection: Connection): void {
  const log = connection.console;
  let capabilities: InitializeParams["capabilities"] = {};
  // What an editor has open it asks for itself, or is told at each change.
  const tellConfig = (news: Diagnosed) => void (session.configDocument(news.uri) ?? connection.sendDiagnostics(news));
  const session: Session = new Session(
    connection,
    () => refresh(connection, capabilities, pushAll),
    (news) => tellConfig(toPublished(news)),
  );
  const linted = (uri: string) =>
    lint(session, uri, (rule, error) => log.error(`rule ${rule} failed on ${uri}: ${String(error)}`));
  const lspDiagnostics = (uri: string) => diagnosed(session, uri, linted);
  const push = async (uri: string) => connection.sendDiagnostics(await lspDiagnostics(uri));
  const pushAll = () => Promise.all(session.documents.keys().map(push));
  const commands: Readonly<Record<string, (argument: unknown, signal: AbortSignal) => Promise<unknown>>> = {
    [pinCommand]: (argument, signal) => runPin(connection, session, decodePinArguments(argument), signal),
    [pinImageCommand]: (argument, signal) =>
      runPinImage(connection, session, decodePinImageArguments(argument), signal),
    [originCommand]: (argument, signal) => findOrigins(session, decodeOriginArguments(argument), signal),
  };

  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    session.initialize(params);
    return serverCapabilities;
  });
  connection.onInitialized(async () => {
    if (!capabilities.textDocument?.diagnostic) pushOnChange(connection, session, push);
    if (capabilities.workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders((change) => session.foldersChanged(change));
    await registerForChanges(connection, capabilities);
  });
  connection.onShutdown(() => session.dispose());
  connection.onDidChangeConfiguration(({ settings }) => session.settingsChanged(settings?.imagewright));
  connection.onDidChangeWatchedFiles(({ changes }) => session.filesChanged(changes.map(({ uri }) => uri)));
  connection.onNotification(trustGranted, () => session.trustGranted());

  connection.languages.diagnostics.on(({ textDocument }, token) =>
    answer({ log, what: "diagnostics", token, empty: noDiagnostics }, async () => ({
      kind: DocumentDiagnosticReportKind.Full,
      items: (await lspDiagnostics(textDocument.uri)).diagnostics,
    })),
  );
  connection.languages.inlayHint.on(({ textDocument, range }, token) =>
    answer({ log, what: "inlay hints", token, empty: [] }, async () => {
      const snapshot = await session.snapshot(textDocument.uri);
      return snapshot
        ? inlayHints(snapshot, toSpan(snapshot.document, range)).map((hint) => toInlayHint(snapshot.document, hint))
        : [];
    }),
  );
  connection.onCodeAction((params, token) =>
    answer({ log, what: "code actions", token, empty: [] }, async () => {
      const found = await linted(params.textDocument.uri);
      return found ? actionsFor(found, params, session.editForm) : [];
    }),
  );
  connection.onExecuteCommand(({ command, arguments: args }, token) =>
    answer({ log, what: command, token, empty: undefined }, () => commands[command]?.(args?.[0], signalOf(token))),
  );
  session.documents.listen(connection);
  connection.listen();
}

const serverCapabilities: InitializeResult = {
  serverInfo: { name: "imagewright" },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    diagnosticProvider: { identifier: "imagewright", interFileDependencies: false, workspaceDiagnostics: false },
    inlayHintProvider: {},
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind] },
    executeCommandProvider: { commands: [pinCommand, pinImageCommand, originCommand] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
};

/** What is to be shown of a document of any kind; nothing for one that is not open. */
async function diagnosed(
  session: Session,
  uri: string,
  linted: (uri: string) => Promise<Linted | undefined>,
): Promise<Diagnosed> {
  const config = session.configDocument(uri);
  if (config)
    return {
      uri,
      version: config.version,
      diagnostics: configDiagnostics(config.getText()).map((problem) => toConfigDiagnostic(config, problem)),
    };
  const found = await linted(uri);
  return found
    ? {
        uri,
        version: found.document.version,
        diagnostics: found.reports.map((report) => toDiagnostic(found.document, report)),
      }
    : { uri, diagnostics: [] };
}

const neverCancelled = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};

function actionsFor(linted: Linted, { range, context }: CodeActionParams, form: EditForm) {
  const wants = (kind: string) =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { document, reports } = linted;
  const actions = linted.actions(toSpan(document, range)).map((action) => toCodeAction(document, action, form));
  // Fix-all is asked for by name (on save); it is no light bulb of a line.
  const all = context.only && wants(fixAllKind) ? fixAll(reports) : undefined;
  if (all) actions.push(toCodeAction(document, all, form));
  return actions.filter(({ kind }) => kind !== undefined && wants(kind));
}

async function runPin(
  connection: Connection,
  session: Session,
  args: PinArguments | undefined,
  signal: AbortSignal,
): Promise<PinAnswer> {
  const { changes, snapshot, ...plan } = await pin(session, args, signal);
  let applied = true;
  if (snapshot && changes.length > 0) {
    const result = await connection.workspace.applyEdit({
      label: `imagewright: ${args?.mode ?? "pin"}`,
      edit: toWorkspaceEdit(snapshot.document, changes, session.editForm),
    });
    applied = result.applied;
  }
  const trouble =
    plan.refusal ?? plan.outcomes.find(({ outcome }) => outcome === "failed" || outcome === "skipped")?.message;
  if (args?.announces && trouble !== undefined) connection.window.showWarningMessage(trouble);
  return { ...plan, applied };
}

async function runPinImage(
  connection: Connection,
  session: Session,
  args: PinImageArguments | undefined,
  signal: AbortSignal,
): Promise<PinImageAnswer> {
  const { changed, ...plan } = await pinImage(session, args, signal);
  if (changed.length === 0) return { ...plan, applied: true };
  const { applied } = await connection.workspace.applyEdit({
    label: "imagewright: pin",
    edit: toWorkspaceEdits(changed, session.editForm),
  });
  return { ...plan, applied };
}

/** Editors without pull diagnostics get them pushed at each change. */
function pushOnChange(connection: Connection, session: Session, push: (uri: string) => Promise<void>): void {
  session.documents.onDidChangeContent(({ document }) => {
    void answer({ log: connection.console, what: "diagnostics", token: neverCancelled, empty: undefined }, () =>
      push(document.uri),
    );
  });
  session.documents.onDidClose(
    ({ document }) => void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }),
  );
}

/** Facts arrived: whoever shows them asks again. */
function refresh(
  connection: Connection,
  capabilities: InitializeParams["capabilities"],
  pushAll: () => Promise<unknown>,
): void {
  if (capabilities.workspace?.inlayHint?.refreshSupport)
    connection.languages.inlayHint.refresh().catch(() => logLost(connection, "inlay hints"));
  if (capabilities.workspace?.diagnostics?.refreshSupport)
    connection.languages.diagnostics.refresh().catch(() => logLost(connection, "diagnostics"));
  else if (!capabilities.textDocument?.diagnostic) pushAll().catch(() => logLost(connection, "diagnostics"));
}

function logLost(connection: Connection, what: string): void {
  connection.console.warn(`the editor did not take the news that ${what} changed`);
}

async function registerForChanges(
  connection: Connection,
  capabilities: InitializeParams["capabilities"],
): Promise<void> {
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*" }] });
  }
}
