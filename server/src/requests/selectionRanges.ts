import { SelectionRangeRequest, type SelectionRange, type SelectionRangeParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toSelectionRange } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** The ranges around each of the positions, from the word to the whole document. */
export const selectionRangesRequest = lspRequest<SelectionRangeParams, SelectionRange[] | null>({
  name: () => "selection ranges",
  capability: { selectionRangeProvider: true },
  type: SelectionRangeRequest.type,
  failed: () => null,
  async answer(session, { textDocument, positions }) {
    const open = await openDocument(session, textDocument.uri);
    if (!open) return null;
    const { document } = open;
    return positions.map((position) => {
      const offset = document.offsetAt(position);
      return toSelectionRange(document, open.selections(offset), offset);
    });
  },
});
