import { DocumentLinkRequest, type DocumentLink, type DocumentLinkParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toDocumentLink } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** The texts of a document that open pages and files. */
export const documentLinksRequest = lspRequest<DocumentLinkParams, DocumentLink[] | null>({
  name: () => "document links",
  capability: { documentLinkProvider: {} },
  type: DocumentLinkRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument }) {
    const open = await openDocument(session, textDocument.uri);
    return open ? open.links().map((link) => toDocumentLink(open.document, link)) : null;
  },
});
