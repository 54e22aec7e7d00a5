import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InlayHint,
  type ProtocolConnection,
  type Range,
  type Registration,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";

const serverEntry = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

/** The server run from source over stdio, as any editor runs it. */
export interface LspClient {
  readonly connection: ProtocolConnection;
  /** Edits that the server requested to apply. */
  readonly appliedEdits: WorkspaceEdit[];
  readonly messages: string[];
  readonly log: string[];
  readonly published: Map<string, Diagnostic[]>;
  /** The registrations of the server for documents that it hasn't removed. */
  readonly registrations: Registration[];
  /** The number of refreshes of hints or diagnostics that the server requested. */
  refreshes: number;
  open(uri: string, text: string): void;
  change(uri: string, version: number, text: string): void;
  diagnostics(uri: string): Promise<Diagnostic[]>;
  hints(uri: string): Promise<InlayHint[]>;
  actions(uri: string, range: Range, only?: string[]): Promise<CodeAction[]>;
  command(name: string, argument: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface LspClientOptions {
  readonly folder?: string;
  /** Replaces `folder`. */
  readonly folderUri?: string;
  /** The root as named by an editor without workspace folders. */
  readonly rootUri?: string;
  readonly trusted?: boolean;
  readonly settings?: unknown;
  readonly env?: NodeJS.ProcessEnv;
  readonly capabilities?: ClientCapabilities;
  /** The URL at which the editor opens pages of rules. */
  readonly rulePages?: string;
  readonly commandLinks?: boolean;
  readonly buildCommand?: string;
  /** Runs the bundle instead of the source. */
  readonly serverPath?: string;
}

export const fullCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
    inlayHint: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
    workspaceFolders: true,
  },
  textDocument: {
    diagnostic: {},
    inlayHint: {},
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
  },
};

export async function startLspClient(options: LspClientOptions = {}): Promise<LspClient> {
  const client = spawnServer(options);
  const { connection } = client;
  const folderUri =
    options.folderUri ?? (options.folder === undefined ? undefined : pathToFileURL(options.folder).href);
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: options.rootUri ?? null,
    capabilities: options.capabilities ?? fullCapabilities,
    ...(options.rootUri === undefined && {
      workspaceFolders: folderUri === undefined ? null : [{ uri: folderUri, name: "test" }],
    }),
    initializationOptions: {
      trusted: options.trusted ?? true,
      rulePages: options.rulePages,
      commandLinks: options.commandLinks,
      buildCommand: options.buildCommand,
    },
  });
  await connection.sendNotification("initialized", {});
  return client;
}

/** A client that hasn't sent `initialize`. */
export function spawnServer(options: LspClientOptions = {}): LspClient {
  const child = spawn(process.execPath, [options.serverPath ?? serverEntry, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...options.env },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const client = createClient(connection, child);
  answerServer(client, options.settings);
  // A dead server doesn't respond: pending requests fail then.
  connection.onClose(() => connection.dispose());
  connection.listen();
  return client;
}

function createClient(connection: ProtocolConnection, child: ChildProcess): LspClient {
  const send = (method: string, params: unknown) => void connection.sendNotification(method, params);
  return {
    connection,
    appliedEdits: [],
    messages: [],
    log: [],
    published: new Map(),
    registrations: [],
    refreshes: 0,
    open: (uri, text) =>
      send("textDocument/didOpen", { textDocument: { uri, languageId: "dockerfile", version: 1, text } }),
    change: (uri, version, text) =>
      send("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] }),
    async diagnostics(uri) {
      const report = await connection.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", {
        textDocument: { uri },
      });
      return report.kind === "full" ? report.items : [];
    },
    hints: (uri) =>
      connection.sendRequest("textDocument/inlayHint", {
        textDocument: { uri },
        range: { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } },
      }),
    actions: (uri, range, only) =>
      connection.sendRequest("textDocument/codeAction", {
        textDocument: { uri },
        range,
        context: { diagnostics: [], ...(only && { only }) },
      }),
    command: (command, argument) =>
      connection.sendRequest("workspace/executeCommand", { command, arguments: [argument] }),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      await ended;
      connection.dispose();
    },
  };
}

const refreshes = ["workspace/inlayHint/refresh", "workspace/diagnostic/refresh", "workspace/codeLens/refresh"];

/** Responds to the server's requests to an editor. */
function answerServer(client: LspClient, settings: unknown): void {
  const { connection } = client;
  connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
    items.map(() => settings ?? null),
  );
  connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => {
    client.appliedEdits.push(edit);
    return { applied: true };
  });
  connection.onRequest("client/registerCapability", ({ registrations }: { registrations: Registration[] }) => {
    client.registrations.push(...registrations.filter(({ method }) => method.startsWith("textDocument/")));
    return null;
  });
  connection.onRequest(
    "client/unregisterCapability",
    ({ unregisterations }: { unregisterations: { id: string }[] }) => {
      const gone = new Set(unregisterations.map(({ id }) => id));
      const left = client.registrations.filter(({ id }) => !gone.has(id));
      client.registrations.splice(0, Infinity, ...left);
      return null;
    },
  );
  for (const method of refreshes) {
    connection.onRequest(method, () => {
      client.refreshes++;
      return null;
    });
  }
  connection.onNotification(
    "window/showMessage",
    ({ message }: { message: string }) => void client.messages.push(message),
  );
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => void client.log.push(message));
  connection.onNotification(
    "textDocument/publishDiagnostics",
    ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => void client.published.set(uri, diagnostics),
  );
}
