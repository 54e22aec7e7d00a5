import { ResponseError, type Connection, type PublishDiagnosticsParams } from "vscode-languageserver";
import { openDocument } from "./documents/documents.ts";
import { guardRequest } from "./guard.ts";
import type { Session } from "./session.ts";
import { toConfigDiagnostic, toDiagnostic, toFailure, toRelatedInformation } from "./toLsp.ts";

/** The diagnostics of a document of any kind; empty if it isn't open. */
export async function diagnosticsOf(session: Session, uri: string): Promise<PublishDiagnosticsParams> {
  const open = await openDocument(session, uri);
  if (!open) return { uri, diagnostics: [] };
  const { document } = open;
  return {
    uri,
    version: document.version,
    diagnostics: [
      ...open.reports().map((report) => ({
        ...toDiagnostic(document, report, session.rulePages),
        ...(showsRelated(session) && toRelatedInformation(document, report)),
      })),
      ...open.problems().map((problem) => toConfigDiagnostic(document, problem)),
    ],
  };
}

function showsRelated({ capabilities: { textDocument } }: Session): boolean {
  return (
    (textDocument?.diagnostic?.relatedInformation ?? textDocument?.publishDiagnostics?.relatedInformation) === true
  );
}

/** Pushes the diagnostics of every open document. */
export async function pushAll(connection: Connection, session: Session): Promise<void> {
  await Promise.all(session.documents.keys().map((uri) => pushGuarded(connection, session, uri)));
}

/** Pushes diagnostics at each change, for editors that don't pull them. */
export function pushOnChange(connection: Connection, session: Session): void {
  session.documents.onDidChangeContent(({ document }) => {
    void pushGuarded(connection, session, document.uri);
  });
  session.documents.onDidClose(
    ({ document }) => void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }),
  );
}

async function pushGuarded(connection: Connection, session: Session, uri: string): Promise<void> {
  const found = await guardRequest(
    {
      log: connection.console,
      what: "diagnostics",
      token: neverCancelled,
      failed: (reason): PublishDiagnosticsParams => ({ uri, diagnostics: [toFailure(reason)] }),
    },
    () => diagnosticsOf(session, uri),
  );
  if (!(found instanceof ResponseError)) await connection.sendDiagnostics(found);
}

const neverCancelled = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};
