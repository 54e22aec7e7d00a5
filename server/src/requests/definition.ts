import { DefinitionRequest, type DefinitionParams, type Location } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toRange } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** The declaration of the thing at a position. */
export const definitionRequest = lspRequest<DefinitionParams, Location | null>({
  name: () => "definition",
  capability: { definitionProvider: true },
  type: DefinitionRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const span = open?.definition(open.document.offsetAt(position));
    return open && span ? { uri: open.document.uri, range: toRange(open.document, span) } : null;
  },
});
