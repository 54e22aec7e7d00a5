import { DocumentHighlightRequest, type DocumentHighlight, type DocumentHighlightParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toDocumentHighlight } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** All occurrences of the thing under the cursor. */
export const documentHighlightRequest = lspRequest<DocumentHighlightParams, DocumentHighlight[] | null>({
  name: () => "document highlight",
  capability: { documentHighlightProvider: true },
  type: DocumentHighlightRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const places = open?.places(open.document.offsetAt(position)) ?? [];
    return open ? places.map((place) => toDocumentHighlight(open.document, place)) : null;
  },
});
