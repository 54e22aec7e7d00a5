import type { Connection, PublishDiagnosticsParams } from "vscode-languageserver";
import { openDocument } from "./documents/documents.ts";
import { guardRequest } from "./guard.ts";
import type { Session } from "./session.ts";
import { toConfigDiagnostic, toDiagnostic } from "./toLsp.ts";

/** The diagnostics of a document of any kind; none for one that is not open. */
export async function diagnosticsOf(session: Session, uri: string): Promise<PublishDiagnosticsParams> {
  const open = await openDocument(session, uri);
  if (!open) return { uri, diagnostics: [] };
  const { document } = open;
  return {
    uri,
    version: document.version,
    diagnostics: [
      ...open.reports().map((report) => toDiagnostic(document, report)),
      ...open.problems().map((problem) => toConfigDiagnostic(document, problem)),
    ],
  };
}

/** Pushes the diagnostics of every open document. */
export async function pushAll(connection: Connection, session: Session): Promise<void> {
  await Promise.all(session.documents.keys().map((uri) => push(connection, session, uri)));
}

/** Editors without pull diagnostics get them pushed at each change. */
export function pushOnChange(connection: Connection, session: Session): void {
  session.documents.onDidChangeContent(({ document }) => {
    void guardRequest({ log: connection.console, what: "diagnostics", token: neverCancelled, empty: undefined }, () =>
      push(connection, session, document.uri),
    );
  });
  session.documents.onDidClose(
    ({ document }) => void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }),
  );
}

async function push(connection: Connection, session: Session, uri: string): Promise<void> {
  await connection.sendDiagnostics(await diagnosticsOf(session, uri));
}

const neverCancelled = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};
