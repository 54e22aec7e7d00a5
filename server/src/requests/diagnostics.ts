import {
  DocumentDiagnosticReportKind,
  DocumentDiagnosticRequest,
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
  answer: async (session, { textDocument }) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: (await diagnosticsOf(session, textDocument.uri)).diagnostics,
  }),
});
