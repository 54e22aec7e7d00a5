import { ReferencesRequest, type Location, type ReferenceParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toRange } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** All occurrences of the thing at a position. */
export const referencesRequest = lspRequest<ReferenceParams, Location[] | null>({
  name: () => "references",
  capability: { referencesProvider: true },
  type: ReferencesRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position, context }) {
    const open = await openDocument(session, textDocument.uri);
    if (!open) return null;
    const { document } = open;
    return open
      .places(document.offsetAt(position))
      .filter(({ role }) => context.includeDeclaration || role === "use")
      .map(({ span }) => ({ uri: document.uri, range: toRange(document, span) }));
  },
});
