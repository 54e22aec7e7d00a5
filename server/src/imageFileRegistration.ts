import { pathToFileURL } from "node:url";
import {
  BulkRegistration,
  CodeActionRequest,
  CompletionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  HoverRequest,
  InlayHintRequest,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type Connection,
  type Disposable,
} from "vscode-languageserver";
import { patternsOf } from "../protocol/pinnedFiles.ts";
import { codeActionKinds } from "./requests/codeActions.ts";
import type { Session } from "./session.ts";

/** Has the editor send files other than Dockerfiles, of the kinds in which a setting wants images pinned. */
export interface ImageFileRegistration {
  /** Must be called at the start and when settings or folders change. */
  update(): void;
}

/**
 * Creates the registration. Only what concerns images is requested for these files: an editor that takes the server for
 * one that formats or folds them would no longer use another for that. An editor that doesn't support such requests has
 * to be set up to send these files.
 */
export function createImageFileRegistration(
  connection: Connection,
  session: Session,
  capabilities: ClientCapabilities,
): ImageFileRegistration {
  let registered: { readonly patterns: string; readonly request: Disposable } | undefined;
  const renew = async (): Promise<void> => {
    const patterns = await patternsIn(session);
    if ((registered?.patterns ?? "") === patterns.join("\n")) return;
    registered?.request.dispose();
    registered = undefined;
    if (patterns.length === 0) return;
    const request = await connection.client.register(registrations(patterns, capabilities));
    registered = { patterns: patterns.join("\n"), request };
  };
  let last = Promise.resolve();
  return {
    update() {
      if (!capabilities.textDocument?.synchronization?.dynamicRegistration) return;
      last = last
        .then(renew)
        .catch((error: unknown) => connection.console.warn(`images of other files are not shown: ${String(error)}`));
    },
  };
}

/** The globs that the settings of any folder ask for. */
async function patternsIn(session: Session): Promise<readonly string[]> {
  const uris = ["", ...session.folders.map((folder) => pathToFileURL(folder).href)];
  const settings = await Promise.all(uris.map((uri) => session.settings(uri)));
  return patternsOf([...new Set(settings.flatMap(({ otherPinnedFiles }) => otherPinnedFiles))].sort());
}

// Other schemes show a file a second time, such as `git:`.
const schemes = ["file", "vscode-remote"];

// Before a name, and between its parts.
const triggerCharacters = [" ", '"', "/", ":"];

function registrations(patterns: readonly string[], { textDocument = {} }: ClientCapabilities): BulkRegistration {
  const documentSelector = schemes.flatMap((scheme) => patterns.map((pattern) => ({ scheme, pattern })));
  const { codeAction, completion, hover, inlayHint, diagnostic } = textDocument;
  const bulk = BulkRegistration.create();
  bulk.add(DidOpenTextDocumentNotification.type, { documentSelector });
  bulk.add(DidChangeTextDocumentNotification.type, { documentSelector, syncKind: TextDocumentSyncKind.Incremental });
  bulk.add(DidCloseTextDocumentNotification.type, { documentSelector });
  if (isDynamic(codeAction)) bulk.add(CodeActionRequest.type, { documentSelector, codeActionKinds });
  if (isDynamic(completion)) bulk.add(CompletionRequest.type, { documentSelector, triggerCharacters });
  if (isDynamic(hover)) bulk.add(HoverRequest.type, { documentSelector });
  if (isDynamic(inlayHint)) bulk.add(InlayHintRequest.type, { documentSelector });
  const pulled = { identifier: "imagewright", interFileDependencies: false, workspaceDiagnostics: false };
  if (isDynamic(diagnostic)) bulk.add(DocumentDiagnosticRequest.type, { documentSelector, ...pulled });
  return bulk;
}

function isDynamic(capability: { readonly dynamicRegistration?: boolean } | undefined): boolean {
  return capability?.dynamicRegistration === true;
}
