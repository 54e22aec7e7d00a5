import { DefinitionRequest, type DefinitionParams, type Location } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toLocations } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** The declaration of the thing at a position, the file that it names, or the Dockerfiles that build the image. */
export const definitionRequest = lspRequest<DefinitionParams, Location | Location[] | null>({
  name: () => "definition",
  capability: { definitionProvider: true },
  type: DefinitionRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const found = open?.definition(open.document.offsetAt(position));
    return open && found ? toLocations(open.document, found) : null;
  },
});
