import { FoldingRangeRequest, type FoldingRange, type FoldingRangeParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toFoldingRange } from "../toLsp/symbols.ts";
import { lspRequest } from "./request.ts";

/** The foldable lines of a document, limited to the number that the editor accepts. */
export const foldingRequest = lspRequest<FoldingRangeParams, FoldingRange[] | null>({
  name: () => "folding ranges",
  capability: { foldingRangeProvider: true },
  type: FoldingRangeRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument }) {
    const open = await openDocument(session, textDocument.uri);
    const limit = session.capabilities.textDocument?.foldingRange?.rangeLimit;
    return (
      open
        ?.folds()
        .slice(0, limit)
        .map((fold) => toFoldingRange(open.document, fold)) ?? null
    );
  },
});
