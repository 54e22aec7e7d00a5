import {
  DocumentSymbolRequest,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type SymbolInformation,
} from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toDocumentSymbol, toSymbolInformation } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** The outline of a document; a flat list for editors that don't support a tree. */
export const documentSymbolsRequest = lspRequest<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[] | null>({
  name: () => "document symbols",
  capability: { documentSymbolProvider: true },
  type: DocumentSymbolRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument }) {
    const open = await openDocument(session, textDocument.uri);
    if (!open) return null;
    const isTree = session.capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport;
    return isTree
      ? open.outline().map((item) => toDocumentSymbol(open.document, item))
      : open.outline().flatMap((item) => toSymbolInformation(open.document, item));
  },
});
