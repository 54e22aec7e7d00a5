import { createHash } from "node:crypto";
import {
  DocumentDiagnosticReportKind,
  DocumentDiagnosticRequest,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
} from "vscode-languageserver";
import { diagnosticsOf } from "../publishedDiagnostics.ts";
import { toFailure } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** Diagnostics of a document, for editors that pull them. */
export const diagnosticsRequest = lspRequest<DocumentDiagnosticParams, DocumentDiagnosticReport>({
  name: () => "diagnostics",
  capability: {
    diagnosticProvider: { identifier: "imagewright", interFileDependencies: false, workspaceDiagnostics: false },
  },
  type: DocumentDiagnosticRequest.type,
  failed: (reason) => ({ kind: DocumentDiagnosticReportKind.Full, items: [toFailure(reason)] }),
  answer: async (session, { textDocument, previousResultId }) =>
    pulled((await diagnosticsOf(session, textDocument.uri)).diagnostics, previousResultId),
});

/**
 * The response to a pull: "unchanged" if the client already has these. The result's ID is their hash, so nothing is
 * stored for it.
 */
function pulled(items: readonly Diagnostic[], previousId: string | undefined): DocumentDiagnosticReport {
  const resultId = createHash("sha256").update(JSON.stringify(items)).digest("base64url");
  return resultId === previousId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items: [...items] };
}
